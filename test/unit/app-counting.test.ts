import { expect, test } from 'vitest';
import { analyze } from '../../src/analytics/analyze.ts';
import { cameraFromName } from '../../src/analytics/clock-from-name.ts';
import { onThisClock } from '../../src/analytics/device-clock.ts';
import { hitsOf } from '../../src/analytics/hits.ts';
import { parseScene } from '../../src/analytics/scene.ts';
import {
  type CountedVideo,
  countDays,
  countOverlaps,
  jobsOfCamera,
} from '../../src/app/counting/camera-videos.ts';
import { recordingOf } from '../../src/app/counting/recording.ts';
import { isCrowded, reportTable, reportZones } from '../../src/app/counting/report-figures.ts';
import { cameraHash, jobHash, reportHash, routeOf } from '../../src/app/route.ts';
import type { JobSummary } from '../../src/client/api.ts';
import { fullScale, heatPixels } from '../../src/overlay/draw-heat-map.ts';
import { walk } from '../fixtures/walk.ts';

const SCENE = {
  version: 1,
  lines: [
    {
      id: 'door',
      points: [
        [0.5, 0],
        [0.5, 1],
      ],
      inside: 'left',
    },
  ],
  zones: [
    {
      id: 'till',
      points: [
        [0.7, 0.3],
        [0.9, 0.3],
        [0.9, 0.9],
        [0.7, 0.9],
      ],
    },
  ],
};
const HOUR = 3_600_000;

/** Somebody who comes in at a time of the video and stands at the till for half a minute. */
const customer = (index: number, fromMs: number) =>
  walk(
    index,
    (s) => {
      const since = s - fromMs / 1000;
      return [since < 4 ? 0.2 + 0.15 * since : 0.8, 0.6];
    },
    { fromMs, toMs: fromMs + 34_000 },
  );

function video(startsAt: string | undefined, arrivals: readonly number[], durationMs = 3 * HOUR) {
  const scene = parseScene({ ...SCENE, ...(startsAt === undefined ? {} : { startsAt }) });
  return analyze(
    arrivals.map((ms, i) => customer(i, ms)),
    scene,
    {
      frameWidth: 1000,
      frameHeight: 1000,
      durationMs,
    },
  );
}

const job = (key: string, more: Partial<JobSummary> = {}) =>
  ({
    jobId: key,
    bucket: 'videos',
    key,
    version: '1',
    status: 'SUCCEEDED',
    createdAt: new Date(0),
    ...more,
  }) as JobSummary;

test.each([
  ['NVR_ch1_main_20260301093000_20260301100000.mp4', 'NVR_ch1_main'],
  ['2026-03-01 09-30-00.mkv', undefined],
  ['front door 2026-03-01_09-30-00.mp4', 'front door'],
  ['doors/entrance.mp4', 'entrance'],
  ['VID_20260301_093000.mp4', 'VID'],
  ['PXL_20260301_093000123.mp4', 'PXL'],
  ['RecM01_20260301_093000_093030_6D28C08_26B5D28.mp4', 'RecM01'],
  ['Cam1-20260301-093000-1681552800-7.mp4', 'Cam1'],
  ['CH01-20260301-093000-100500-101000000000.avi', 'CH01'],
  ['signal-2026-03-01-09-30-00-123.mp4', 'signal'],
  ['20260301_093000_AB12_ACCC8E123456.mkv', 'AB12_ACCC8E123456'],
  ['REC_2026_03_01_09_30_00_F (1).MP4', 'REC F'],
  ['Screen Recording 2026-03-01 at 9.30.00 pm.mov', 'Screen Recording'],
  ['20260301_093000_192.168.1.100.mp4', '192.168.1.100'],
  ['20260301093000_123456789.mp4', '123456789'],
])('%s is of the camera %s', (name, camera) => expect(cameraFromName(name)).toBe(camera));

test('the clock comes from what was said, else the name, else the file', () => {
  const named = job('door_20260301_093000.mp4', { recordedAt: new Date('2026-03-02T00:00:01Z') });
  expect(recordingOf(named)).toEqual({
    camera: 'door',
    startsAt: onThisClock('2026-03-01T09:30:00'),
    clockFrom: 'name',
  });
  const said = { ...named, recording: { startsAt: '2026-03-03T10:00:00+01:00' } };
  expect(recordingOf(said)).toMatchObject({
    startsAt: said.recording.startsAt,
    clockFrom: 'given',
  });
  const unknown = { ...named, recording: { startsAt: null } };
  expect(recordingOf(unknown)).toMatchObject({ startsAt: null, clockFrom: 'given' });
  const told = recordingOf(job('door.mp4', { recordedAt: new Date('2026-03-02T00:00:01Z') }));
  expect(Date.parse(told.startsAt!)).toBe(Date.parse('2026-03-02T00:00:01Z'));
  expect(told.clockFrom).toBe('file');
  expect(recordingOf(job('door.mp4'))).toMatchObject({ startsAt: null, clockFrom: 'nowhere' });
});

test('a name that tells its offset from UTC is the same moment on every device', () => {
  const startOf = (key: string) => recordingOf(job(key)).startsAt!;
  expect(startOf('door_2026-03-01T09-30-00-07-00.mp4')).toBe('2026-03-01T09:30:00-07:00');
  expect(Date.parse(startOf('PXL_20260301_093000123.mp4'))).toBe(
    Date.parse('2026-03-01T09:30:00Z'),
  );
});

test('a camera that was named for one video is that of the next of a like name', () => {
  const first = job('ch1_20260301_093000.mp4', { recording: { camera: 'Entrance' } });
  const next = job('ch1_20260302_093000.mp4');
  const other = job('ch2_20260302_093000.mp4');
  expect(recordingOf(next, [next, first]).camera).toBe('Entrance');
  expect(recordingOf(other, [other, first]).camera).toBe('ch2');
  expect(jobsOfCamera([other, next, first], 'Entrance')).toEqual([first, next]);
});

test('a video that was tracked twice counts once, by its newest result, and its clock is asked once', () => {
  const version = '0123456789abcdef0123456789abcdef';
  const startsAt = '2026-03-01T09:00:00+01:00';
  const first = job('door.mp4', { version, createdAt: new Date(1), recording: { startsAt } });
  const again = job('door.mp4', { jobId: 'again', version, createdAt: new Date(3) });
  const copy = job('copy.mp4', { version, createdAt: new Date(2) });
  const other = job('door.mp4', { jobId: 'other', version: '2', createdAt: new Date(2) });
  expect(jobsOfCamera([again, other, first], 'door')).toEqual([again, other]);
  expect(recordingOf(again, [again, other, first])).toMatchObject({ startsAt, clockFrom: 'given' });
  expect(recordingOf(copy, [copy, first])).toMatchObject({ startsAt, clockFrom: 'given' });
  expect(recordingOf(other, [again, other, first])).toMatchObject({ startsAt: null });
});

test('a question is answered with who and when', () => {
  const analysis = video(undefined, [0, 60_000]);
  expect(hitsOf(analysis, { what: 'crossed', direction: 'out' })).toEqual([]);
  const came = hitsOf(analysis, { what: 'crossed', shapeId: 'door', direction: 'in' });
  expect(came.map(({ index }) => index)).toEqual([0, 1]);
  expect(came[1]!.beginMs).toBe(62_000);
  const stood = hitsOf(analysis, { what: 'stood', shapeId: 'till', leastMs: 20_000 });
  expect(stood.map(({ index }) => index)).toEqual([0, 1]);
  expect(stood[0]!.endMs - stood[0]!.beginMs).toBeGreaterThan(29_000);
  expect(hitsOf(analysis, { what: 'stood', shapeId: 'nowhere' })).toEqual([]);
  expect(hitsOf(analysis, { what: 'stayed', leastMs: 60_000 })).toEqual([]);
  expect(hitsOf(analysis, { what: 'stayed', leastMs: 20_000 })).toHaveLength(2);
});

test('days are added up over videos, by the clock of each', () => {
  const videos = [
    { analysis: video('2026-03-01T22:30:00+01:00', [0, 2 * HOUR]) },
    { analysis: video('2026-03-02T09:00:00+01:00', [HOUR]) },
    { analysis: video(undefined, [0]) },
  ] as CountedVideo[];
  const days = countDays(videos, 'door');
  expect(days.map((it) => [it.day, it.in])).toEqual([
    ['2026-03-01', 1],
    ['2026-03-02', 2],
  ]);
  const everybody = countDays(videos, undefined);
  expect(everybody[1]!.byHour[0]).toBe(1);
  expect(everybody[1]!.byHour[10]).toBe(1);
  // Nobody came at eleven, and of three in the morning there is no video.
  expect([everybody[1]!.byHour[11], everybody[1]!.byHour[3]]).toEqual([0, null]);
});

test('seconds that a recorder goes on for in the next hour, or day, are none of it unless somebody comes', () => {
  const of = (startsAt: string, arrivals: readonly number[], durationMs: number) => ({
    job: job('door.mp4'),
    analysis: video(startsAt, arrivals, durationMs),
    stands: new Map(),
  });
  const hours = (...videos: CountedVideo[]) =>
    countDays(videos, 'door').map(({ day, byHour }) => [
      day,
      byHour.flatMap((value, hour) => (value === null ? [] : [[hour, value]])),
    ]);
  const late = '2026-03-01T22:59:58+01:00';
  expect(hours(of(late, [], HOUR + 4000))).toEqual([['2026-03-01', [[23, 0]]]]);
  expect(hours(of(late, [HOUR + 3000], HOUR + 60_000))).toEqual([
    ['2026-03-01', [[23, 0]]],
    ['2026-03-02', [[0, 1]]],
  ]);
  // Of a short one each part counts.
  expect(hours(of(late, [], 4000))).toEqual([
    [
      '2026-03-01',
      [
        [22, 0],
        [23, 0],
      ],
    ],
  ]);
});

test.each([
  [60_000, 'minute'],
  [HOUR, 'quarter-hour'],
  [12 * HOUR, 'hour'],
  [24 * HOUR, 'hour'],
  [5 * 24 * HOUR, 'day'],
])('a report of %s ms goes by the %s, and its rows have room', (durationMs, by) => {
  const table = reportTable(video('2026-03-01T09:07:00Z', [0, 1000], durationMs));
  expect(table.by).toBe(by);
  expect(table.counts.length).toBeLessThanOrEqual(26);
  expect(table.lines).toEqual([0]);
});

test('videos that overlap by more than a recorder’s seconds are told, by the clock', () => {
  const at = (startsAt: string | undefined, durationMs = HOUR): CountedVideo => ({
    job: job('door.mp4'),
    analysis: video(startsAt, [], durationMs),
    stands: new Map(),
  });
  const first = at('2026-03-01T09:00:00+01:00');
  expect(countOverlaps([first, at('2026-03-01T09:59:50+01:00'), at(undefined)])).toBe(0);
  expect(countOverlaps([at('2026-03-01T08:30:00Z'), first])).toBe(1);
  // Within a long one all begin before it ends.
  const day = at('2026-03-01T00:00:00+01:00', 24 * HOUR);
  expect(countOverlaps([day, first, at('2026-03-01T12:00:00+01:00')])).toBe(2);
});

test('seconds that a recorder begins early or goes on for have no row of their own, unless somebody came', () => {
  const rows = (startsAt: string | undefined, crossings: number[], durationMs: number) =>
    reportTable(video(startsAt, crossings, durationMs)).counts.map(({ bucket }) => bucket.beginMs);
  const quarters = (from: number) => [0, 1, 2, 3].map((i) => from + (i * HOUR) / 4);
  expect(rows(undefined, [1000], HOUR + 4000)).toEqual(quarters(0));
  expect(rows('2026-03-01T08:59:57Z', [5000], HOUR + 6000)).toEqual(quarters(3000));
  expect(rows(undefined, [1000, HOUR + 1000], HOUR + 4000)).toHaveLength(5);
  expect(rows(undefined, [1000], HOUR + HOUR / 8)).toHaveLength(5);
  expect(rows(undefined, [], 4000)).toEqual([0]);
});

test('the busiest time is the one with the most who came in', () => {
  const table = reportTable(video(undefined, [0, HOUR, HOUR + 1000]));
  expect(table.counts[table.busiest]!.lines[0]).toEqual({ in: 2, out: 0 });
  expect(reportTable(video(undefined, [])).busiest).toBe(-1);
  const scene = parseScene({ ...SCENE, lines: [] });
  const { video: size } = video(undefined, []);
  const people = [0, HOUR, HOUR + 1000].map((ms, i) => customer(i, ms));
  const arrivals = reportTable(analyze(people, scene, size));
  expect(arrivals.counts[arrivals.busiest]!.arrivals).toBe(2);
});

test('a report has the zones with the most people, and says where some have no room', () => {
  const zones = Array.from({ length: 6 }, (_, i) => ({
    id: `z${i}`,
    // Where the customers stand, and where nobody does.
    points: SCENE.zones[0]!.points.map(([x, y]) => [x!, i < 3 ? y! / 20 : y!]),
  }));
  const size = { frameWidth: 1000, frameHeight: 1000, durationMs: HOUR };
  const people = [0, 60_000].map((ms, i) => customer(i, ms));
  const crowded = analyze(people, parseScene({ ...SCENE, zones }), size);
  expect(reportZones(crowded).map(({ zone }) => zone.id)).toEqual(['z0', 'z3', 'z4', 'z5']);
  expect([isCrowded(crowded), isCrowded(video(undefined, [0]))]).toEqual([true, false]);
});

test('a heat map is drawn clear where nobody was, and one spot does not darken all others', () => {
  const map = {
    columns: 10,
    rows: 10,
    personSeconds: Float64Array.from({ length: 100 }, (_, i) =>
      i === 0 ? 0 : i === 99 ? 1000 : 2,
    ),
    people: new Int32Array(100),
  };
  expect(fullScale(map)).toBe(2);
  const pixels = heatPixels(map);
  expect(pixels[3]).toBe(0);
  expect(pixels[7]).toBeGreaterThan(100);
  expect(fullScale({ ...map, personSeconds: new Float64Array(100) })).toBe(0);
});

test('addresses lead to reports, moments and cameras', () => {
  expect(routeOf(reportHash('a1'))).toEqual({ screen: 'report', jobId: 'a1' });
  const moment = { timeMs: 1234.6, index: 2 };
  expect(routeOf(jobHash('a1', moment))).toEqual({
    screen: 'job',
    jobId: 'a1',
    moment: { timeMs: 1235, index: 2 },
  });
  expect(routeOf(cameraHash('Front / 2 %'))).toEqual({ screen: 'camera', camera: 'Front / 2 %' });
  expect(routeOf('#/camera/%E0%A4%A')).toEqual({ screen: 'start' });
});
