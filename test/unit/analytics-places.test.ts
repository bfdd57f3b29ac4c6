/** Long because one crowd of made paths serves all of it. */
import { expect, test } from 'vitest';
import type { AnalysedPath } from '../../src/analytics/analysed-path.ts';
import { analyze, analyzerOf, countByTime } from '../../src/analytics/analyze.ts';
import { clockText, timeBuckets } from '../../src/analytics/by-time.ts';
import { floorOf } from '../../src/analytics/calibration.ts';
import { cameraFromName, clockFromName } from '../../src/analytics/clock-from-name.ts';
import { crossingsOf } from '../../src/analytics/crossings.ts';
import { heatMapOf } from '../../src/analytics/heat-map.ts';
import { hitsOf } from '../../src/analytics/hits.ts';
import { parseScene, type Scene, type SceneZone } from '../../src/analytics/scene.ts';
import { SceneError } from '../../src/analytics/scene-error.ts';
import { bodyHeightSpeeds } from '../../src/analytics/speed.ts';
import { standsOf } from '../../src/analytics/stands.ts';
import { trajectoriesOf } from '../../src/analytics/trajectory.ts';
import {
  occupancyByStretch,
  occupancyFigures,
  occupancyOf,
  transitionsOf,
  visitsOf,
} from '../../src/analytics/visits.ts';
import { walk } from '../fixtures/walk.ts';

const TILL: SceneZone = {
  id: 'till',
  name: 'Till',
  points: [
    [0.4, 0.4],
    [0.6, 0.4],
    [0.6, 0.8],
    [0.4, 0.8],
  ],
};
const VIDEO = { frameWidth: 1000, frameHeight: 1000, durationMs: 10_000 };
const one = (path: AnalysedPath) => trajectoriesOf([path], 1)[0]!;

test('a visit has its begin, end and dwell', () => {
  const visits = visitsOf(one(walk(4, (s) => [0.11 + 0.2 * s, 0.6])), TILL, 1);
  expect(visits).toEqual([
    {
      zoneId: 'till',
      index: 4,
      beginMs: 1500,
      endMs: 2500,
      dwellMs: 1000,
      begin: 'entered',
      end: 'left',
    },
  ]);
});

test('who stands on the border comes once', () => {
  const path = walk(0, (s) => [0.4 + 0.01 * Math.sin(9 * s), 0.6], { toMs: 20_000 });
  expect(visitsOf(one(path), TILL, 1).length).toBeLessThanOrEqual(1);
});

test('who appears and disappears inside says so, and a long absence ends a visit', () => {
  const path = walk(0, (s) => (s > 2 && s < 9 ? undefined : [0.5, 0.6]), { toMs: 12_000 });
  expect(visitsOf(one(path), TILL, 1)).toMatchObject([
    { beginMs: 0, endMs: 2000, begin: 'appeared', end: 'disappeared' },
    { beginMs: 9000, endMs: 12_000, begin: 'appeared', end: 'disappeared' },
  ]);
});

test('who stands below the picture’s edge is in a zone that reaches it, and in no other', () => {
  const trajectory = one(walk(3, (s) => [0.3 + 0.02 * s, 1.1], { height: 0.5, toMs: 8000 }));
  const zoneTo = (y: number): SceneZone => ({
    id: 'z',
    name: 'z',
    points: [
      [0, 0.2],
      [1, 0.2],
      [1, y],
      [0, y],
    ],
  });
  expect(visitsOf(trajectory, zoneTo(1), 1)).toMatchObject([
    { beginMs: 0, endMs: 8000, begin: 'appeared', end: 'disappeared' },
  ]);
  expect(visitsOf(trajectory, zoneTo(0.9), 1)).toEqual([]);
});

test('at the picture’s edge a zone has the same border as elsewhere', () => {
  const zone: SceneZone = {
    id: 'z',
    name: 'z',
    points: [
      [0.2, 0.5],
      [0.5, 0.5],
      [0.5, 1],
      [0.2, 1],
    ],
  };
  const visits = (foot: (second: number) => readonly [number, number]) =>
    visitsOf(one(walk(3, foot, { height: 0.5 })), zone, 1);
  // Who dithers at its side with the feet below the picture comes once.
  expect(visits((s) => [0.49 + 0.02 * Math.sin(20 * s), 1.2])).toHaveLength(1);
  // Who walks through it along the lower edge within a second was there.
  expect(visits((s) => [0.1 + 0.5 * s, 0.98])).toMatchObject([{ begin: 'entered', end: 'left' }]);
  expect(visits((s) => [0.1 + 0.5 * s, 1.2])).toMatchObject([{ begin: 'entered', end: 'left' }]);
});

test('who stands with the feet below the picture stands in the zone that they visit', () => {
  const stander = walk(3, (s) => (s < 2 ? [0.35, 0.9] : [0.35, 1]), { height: 0.5, toMs: 30_000 });
  // The picture's edge cuts the box off.
  const boxes = Array.from(stander.boxes);
  for (let k = 20; k < stander.timestampsMs.length; k++) {
    boxes[4 * k + 1] = 0.7;
    boxes[4 * k + 3] = 0.3;
  }
  const scene = parseScene({
    version: 1,
    zones: [
      {
        id: 'till',
        points: [
          [0.2, 0.5],
          [0.5, 0.5],
          [0.5, 1],
          [0.2, 1],
        ],
      },
    ],
  });
  const analysis = analyze([{ ...stander, boxes }], scene, {
    ...VIDEO,
    durationMs: 30_000,
  });
  expect(analysis.zones[0]!.visits).toHaveLength(1);
  expect(hitsOf(analysis, { what: 'stood', shapeId: 'till' })).toMatchObject([
    { index: 3, beginMs: 2000, endMs: 30_000 },
  ]);
});

test('two who follow one another are two visits, though counts at lines may take them for one', () => {
  const { zones, lines } = analyze(
    [
      walk(1, (s) => [0.36 + 0.05 * s, 0.6], { toMs: 3000 }),
      walk(2, (s) => [0.36 + 0.05 * s, 0.6], { fromMs: 3600, toMs: 8000 }),
    ],
    parseScene({
      version: 1,
      zones: [TILL],
      lines: [
        {
          id: 'l',
          name: 'L',
          points: [
            [0.52, 0],
            [0.52, 1],
          ],
          left: 'a',
          right: 'b',
        },
      ],
    }),
    VIDEO,
  );
  expect(zones[0]!.visits.map(({ index }) => index)).toEqual([1, 2]);
  expect(lines[0]!.crossings).toMatchObject([{ index: 1, uncertain: 'broken-path' }]);
});

test('people at once, on the mean and at most', () => {
  const steps = occupancyOf([
    { beginMs: 0, endMs: 4000 },
    { beginMs: 2000, endMs: 6000 },
    { beginMs: 6000, endMs: 8000 },
  ]);
  expect(steps).toEqual([
    { fromMs: 0, people: 1 },
    { fromMs: 2000, people: 2 },
    { fromMs: 4000, people: 1 },
    { fromMs: 8000, people: 0 },
  ]);
  expect(occupancyFigures(steps, 0, 10_000)).toEqual({ mean: 1, most: 2 });
  expect(occupancyFigures(steps, 4000, 8000)).toEqual({ mean: 1, most: 1 });
});

test('who is there for a moment alone is there', () => {
  // Two people in a video of one picture, and a third who comes as they are seen and stays.
  const moment = { beginMs: 0, endMs: 0 };
  const steps = occupancyOf([moment, moment]);
  expect(steps).toEqual([
    { fromMs: 0, people: 2 },
    { fromMs: 0, people: 0 },
  ]);
  expect(occupancyFigures(steps, 0, 40)).toEqual({ mean: 0, most: 2 });
  expect(
    occupancyByStretch(
      occupancyOf([
        { beginMs: 0, endMs: 90 },
        { beginMs: 50, endMs: 50 },
      ]),
      [
        { beginMs: 0, endMs: 50 },
        { beginMs: 50, endMs: 100 },
        { beginMs: 100, endMs: 150 },
      ],
    ).map(({ most }) => most),
  ).toEqual([1, 2, 0]);
  const ofOne = analyze(
    [{ index: 0, timestampsMs: [0], boxes: [0.4, 0.3, 0.1, 0.4] }],
    parseScene({ version: 1 }),
    { frameWidth: 640, frameHeight: 360, durationMs: 40 },
  );
  expect(ofOne.mostAtOnce).toBe(1);
});

test('people at once in many stretches are those of each alone', () => {
  const stays = Array.from({ length: 40 }, (_, i) => ({
    beginMs: 700 * i,
    endMs: 700 * i + 450 * (1 + (i % 7)),
  }));
  const steps = occupancyOf(stays);
  const stretches = Array.from({ length: 33 }, (_, i) => ({
    beginMs: 1000 * i,
    endMs: 1000 * (i + 1),
  }));
  expect(occupancyByStretch(steps, stretches)).toEqual(
    stretches.map(({ beginMs, endMs }) => {
      const inside = stays.map((it) => ({
        beginMs: Math.max(it.beginMs, beginMs),
        endMs: Math.min(it.endMs, endMs),
      }));
      return occupancyFigures(
        occupancyOf(inside.filter((it) => it.endMs > it.beginMs)),
        beginMs,
        endMs,
      );
    }),
  );
});

test('ways from zone to zone', () => {
  const visit = (zoneId: string, index: number, beginMs: number) => ({
    zoneId,
    index,
    beginMs,
    endMs: beginMs + 1,
    dwellMs: 1,
    begin: 'entered' as const,
    end: 'left' as const,
  });
  const visits = [
    visit('b', 1, 5),
    visit('a', 1, 0),
    visit('a', 2, 0),
    visit('b', 2, 9),
    visit('a', 3, 0),
  ];
  expect(transitionsOf(visits)).toEqual([{ fromZoneId: 'a', toZoneId: 'b', count: 2 }]);
});

test('who stands still for long enough is told, with place and time', () => {
  const path = walk(
    5,
    (s) => [s < 2 ? 0.1 + 0.2 * s : s < 14 ? 0.5 + 0.005 * Math.sin(s) : 0.5 + 0.2 * (s - 14), 0.6],
    { toMs: 16_000 },
  );
  const stands = standsOf(one(path), 1, 10_000);
  expect(stands).toHaveLength(1);
  expect(stands[0]!.beginMs).toBeLessThanOrEqual(2000);
  expect(stands[0]!.beginMs).toBeGreaterThan(1500);
  expect(stands[0]!.endMs).toBeGreaterThanOrEqual(14_000);
  expect(stands[0]!.at[0]).toBeCloseTo(0.5, 1);
  expect(standsOf(one(path), 1, 15_000)).toEqual([]);
});

test('the heat map is of time, whatever the samples', () => {
  const fine = heatMapOf([one(walk(0, (s) => [0.05 + 0.2 * s, 0.5], { stepMs: 10 }))], 1, 10);
  const coarse = heatMapOf([one(walk(0, (s) => [0.05 + 0.2 * s, 0.5], { stepMs: 500 }))], 1, 10);
  expect(fine.personSeconds.reduce((a, b) => a + b)).toBeCloseTo(4);
  fine.personSeconds.forEach((seconds, cell) => {
    expect(coarse.personSeconds[cell]).toBeCloseTo(seconds, 0);
  });
  expect(Math.max(...fine.people)).toBe(1);
  expect(fine.people.reduce((a, b) => a + b)).toBe(9);
});

test('whose box ends at the picture’s edge is on the heat map, in its last cells', () => {
  const foot = 1 + 1e-12;
  const map = heatMapOf([one(walk(0, () => [0.55, foot], { height: 0.5 }))], 1, 10);
  expect(map.personSeconds[95]).toBeCloseTo(4);
  expect(heatMapOf([one(walk(0, () => [0.55, 1.01]))], 1, 10).people.every((it) => it === 0)).toBe(
    true,
  );
});

test('speed in body heights and in metres', () => {
  const path = walk(0, (s) => [0.1 + 0.2 * s, 0.6]);
  for (const speed of bodyHeightSpeeds(one(path))) expect(speed).toBeCloseTo(1);
  const scene = parseScene({
    version: 1,
    calibration: {
      image: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      floor: [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
      ],
    },
  });
  expect(analyze([path], scene, VIDEO).people[0]!.metresPerSecond).toBeCloseTo(2);
});

test('four points make a floor in perspective, and there is none above the horizon', () => {
  const toFloor = floorOf({
    image: [
      [0.4, 0.5],
      [0.6, 0.5],
      [0.9, 1],
      [0.1, 1],
    ],
    floor: [
      [0, 20],
      [4, 20],
      [4, 0],
      [0, 0],
    ],
  });
  expect(toFloor(0.4, 0.5)[1]).toBeCloseTo(20);
  expect(toFloor(0.9, 1)[0]).toBeCloseTo(4);
  expect(toFloor(0.5, 0.9)[0]).toBeCloseTo(2);
  expect(toFloor(0.5, 0.1)).toEqual([Number.NaN, Number.NaN]);
});

test('a floor may have its horizon anywhere, through the picture’s corner too, and be mirrored', () => {
  // A camera whose horizon is the picture's upper edge: lines that run away meet at (0.5, 0).
  const toFloor = floorOf({
    image: [
      [0.4, 0.2],
      [0.6, 0.2],
      [1, 1],
      [0, 1],
    ],
    floor: [
      [2, 10],
      [0, 10],
      [0, 2],
      [2, 2],
    ],
  });
  const [x, y] = toFloor(0.5, 0.4);
  expect([x, y]).toEqual([expect.closeTo(1), expect.closeTo(5)]);
  expect(toFloor(0.5, 0)).toEqual([Number.NaN, Number.NaN]);
  expect(toFloor(0.5, -0.1)).toEqual([Number.NaN, Number.NaN]);
});

test('four places that no camera sees so are refused, and the scene says why', () => {
  const calibration = {
    image: [
      [0.4, 0.5],
      [0.6, 0.5],
      [0.9, 1],
      [0.1, 1],
    ],
    // The last two are exchanged.
    floor: [
      [0, 20],
      [4, 20],
      [0, 0],
      [4, 0],
    ],
  };
  expect(() => parseScene({ version: 1, calibration })).toThrow(
    'scene calibration must have its places in one order in both lists',
  );
});

test('hours are those of the clock where it is known', () => {
  const startsAt = '2026-03-01T09:50:00+01:00';
  const buckets = timeBuckets(20 * 60_000, 'hour', startsAt);
  expect(buckets.map(({ clock }) => clock)).toEqual([
    '2026-03-01T09:00:00+01:00',
    '2026-03-01T10:00:00+01:00',
  ]);
  expect(buckets[1]!.beginMs).toBe(10 * 60_000);
  expect(timeBuckets(1000, 'hour', undefined)).toEqual([{ beginMs: 0, endMs: 3_600_000 }]);
  expect(() => timeBuckets(1e15, 'minute', undefined)).toThrow(RangeError);
  expect(clockText('2026-03-01T23:59:59-05:30', 1000)).toBe('2026-03-02T00:00:00-05:30');
});

test('a scene that changes is counted as it would be anew, without a look at the paths again', () => {
  const walks = Array.from({ length: 8 }, (_, index) =>
    walk(index, (s) => [0.1 + 0.08 * s + 0.01 * index, 0.3 + 0.05 * index]),
  );
  let reads = 0;
  const paths = walks.map((path) => ({
    ...path,
    get boxes() {
      reads++;
      return path.boxes;
    },
  }));
  const { count } = analyzerOf(paths, VIDEO);
  const gate = (x: number) => ({
    id: `gate-${x}`,
    points: [
      [x, 0.1],
      [x, 0.95],
    ],
  });
  const scenes = [
    {},
    { lines: [gate(0.4)] },
    { lines: [gate(0.4), gate(0.6)], zones: [TILL] },
    { lines: [gate(0.6)], zones: [TILL], startsAt: '2026-03-01T09:00:00Z' },
    { lines: [{ ...gate(0.6), inside: 'left', name: 'Door' }], zones: [TILL] },
    { lines: [gate(0.4)], zones: [{ ...TILL, name: 'Desk' }], anchor: 'head' },
    { lines: [gate(0.4)] },
  ].map((scene) => parseScene({ version: 1, ...scene }));
  const read = scenes.map((scene) => {
    reads = 0;
    expect(count(scene)).toEqual(analyze(walks, scene, VIDEO));
    return reads > 0;
  });
  // The first time, and where another place of people counts.
  expect(read).toEqual([true, false, false, false, false, true, true]);
});

test('counts by time add up to the whole', () => {
  const scene = parseScene({
    version: 1,
    startsAt: '2026-03-01T09:59:58Z',
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
    zones: [TILL],
  });
  const paths = [
    walk(0, (s) => [0.1 + 0.2 * s, 0.6]),
    walk(1, (s) => [0.9 - 0.2 * s, 0.6], { toMs: 3900 }),
  ];
  const analysis = analyze(paths, scene, VIDEO);
  expect(analysis.lines[0]).toMatchObject({ in: 1, out: 1, net: 0, uncertain: 0 });
  expect(analysis.zones[0]!.people).toBe(2);
  expect(analysis.mostAtOnce).toBe(2);
  const hours = countByTime(analysis, 'hour');
  expect(hours).toHaveLength(2);
  expect(hours.map(({ arrivals }) => arrivals)).toEqual([2, 0]);
  expect(hours.reduce((sum, { lines }) => sum + lines[0]!.in + lines[0]!.out, 0)).toBe(2);
});

test.each([
  ['VID_20260301_093000.mp4', '2026-03-01T09:30:00'],
  ['2026-03-01 09-30-00.mkv', '2026-03-01T09:30:00'],
  ['NVR_ch1_main_20260301093000_20260301100000.mp4', '2026-03-01T09:30:00'],
  ['WhatsApp Video 2026-03-01 at 09.30.00.mp4', '2026-03-01T09:30:00'],
  ['Cam2_2026.03.01_09.30.00.avi', '2026-03-01T09:30:00'],
  ['20260301T093000Z.mp4', '2026-03-01T09:30:00Z'],
  ['20260301T093000+0100.mp4', '2026-03-01T09:30:00+01:00'],
  ['door_2026-03-01T09-30-00+00-00.mp4', '2026-03-01T09:30:00Z'],
  ['door_2026-03-01T09-30-00-0500.mp4', '2026-03-01T09:30:00-05:00'],
  ['door_2026-03-01_09-30-00-0500.mp4', '2026-03-01T09:30:00'],
  ['door_2026-03-01_09-30-00_UTC.mp4', '2026-03-01T09:30:00Z'],
  ['abc-defg-hij (2026-03-01 at 09:30 GMT-7).mp4', '2026-03-01T09:30:00-07:00'],
  ['GMT20260301-093000_Recording_1920x1080.mp4', '2026-03-01T09:30:00Z'],
  ['2026_0301_093000_001F.MP4', '2026-03-01T09:30:00'],
  ['PXL_20260301_093000123.mp4', '2026-03-01T09:30:00Z'],
  ['Screen Recording 2026-03-01 at 9.30.00\u202fPM.mov', '2026-03-01T21:30:00'],
  ['Screen Recording 2026-03-01 at 12.30.00 AM.mov', '2026-03-01T00:30:00'],
  ['Screen Recording 2026-03-01 at 9.30.00 pm.mov', '2026-03-01T21:30:00'],
  ['Bildschirmaufnahme 2026-03-01 um 21.30.00.mov', '2026-03-01T21:30:00'],
  ['Grabación de pantalla 2026-03-01 a la(s) 9.30.00 p. m..mov', '2026-03-01T21:30:00'],
  ['تسجيل الشاشة 2026-03-01 في 9.30.00 م.mov', '2026-03-01T21:30:00'],
  ['Clip 2026-03-01 09 30 00.mp4', '2026-03-01T09:30:00'],
  ['door_2026-03-01_09h30min05s120ms.mp4', '2026-03-01T09:30:05'],
  ['lecture 2026-03-01 4.15 GB.mp4', undefined],
  ['2026-03-01-15-30fps.mp4', undefined],
  ['IMG_20260301_1920x1080.mp4', undefined],
  ['VID-20260301-WA0001.mp4', undefined],
  ['door 2026-03-01_09h30m05s.mp4', '2026-03-01T09:30:05'],
  ['2026-03-01 09-30 door.mp4', '2026-03-01T09:30:00'],
  ['2026-03-01_2026-03-07.mp4', undefined],
  ['report 2026-03-01 12.mp4', undefined],
  ['20260231_093000.mp4', undefined],
  ['holiday.mp4', undefined],
  ['IMG_20269999_993000.mp4', undefined],
])('the clock in %s', (name, clock) => {
  expect(clockFromName(name)).toBe(clock);
});

test.each([
  ['{', '', 'must be JSON'],
  [{ version: 2 }, 'version', 'must be 1'],
  [{ version: 1, lines: [{ id: 'a', points: [[0, 0]] }] }, 'lines[0].points', 'a list of 2 to'],
  [
    {
      version: 1,
      lines: [
        {
          id: 'a',
          points: [
            [0, 0],
            [0, Number.NaN],
          ],
        },
      ],
    },
    'lines[0].points[1]',
    'two numbers',
  ],
  [
    {
      version: 1,
      lines: [
        {
          id: 'a',
          points: [
            [0, 0],
            [0, 0],
          ],
        },
      ],
    },
    'lines[0].points[1]',
    'must differ',
  ],
  [{ version: 1, zones: [TILL, TILL] }, 'zones[1].id', 'unique'],
  [
    {
      version: 1,
      zones: [
        {
          id: 'z',
          points: [
            [0, 0],
            [1, 1],
            [0.5, 0.5],
          ],
        },
      ],
    },
    'zones[0].points',
    'enclose',
  ],
  [{ version: 1, colour: 'red' }, 'colour', 'unknown'],
  [{ version: 1, anchor: 'hand' }, 'anchor', 'one of foot, centre, head'],
  [{ version: 1, startsAt: '2026-03-01' }, 'startsAt', 'ISO 8601'],
  [{ version: 1, startsAt: '2026-02-30T09:00:00Z' }, 'startsAt', 'ISO 8601'],
  [
    {
      version: 1,
      calibration: {
        image: [
          [0, 0],
          [1, 1],
          [0.5, 0.5],
          [0, 1],
        ],
        floor: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      },
    },
    'calibration.image',
    'in a row',
  ],
])('a scene that breaks a rule says where and which: %j', (input, path, rule) => {
  const error = (() => {
    try {
      return parseScene(input);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(SceneError);
  expect((error as SceneError).path).toBe(path);
  expect((error as SceneError).message).toContain(rule);
});

test('a scene read is a scene that reads the same again', () => {
  const scene = parseScene({
    version: 1,
    camera: 'Door',
    lines: [
      {
        id: 'a',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
    zones: [TILL],
  });
  expect(parseScene(JSON.stringify(scene))).toEqual(scene);
  expect(parseScene(`\uFEFF${JSON.stringify(scene)}`), 'with a byte order mark').toEqual(scene);
});

test('the heat map of a frame that is a line has as many cells as memory is there for', () => {
  const { rows, people } = heatMapOf([one(walk(0, () => [0.5, 0.5]))], 1e-7, 10);
  expect(rows).toBe(640);
  expect(people).toHaveLength(6400);
});

test.each([
  [{ standMs: 0 }, {}, 'standMs must be above 0; it is 0.'],
  [{ standMs: Number.NaN }, {}, 'standMs must be above 0; it is NaN.'],
  [{ heatMapColumns: 0 }, {}, 'heatMapColumns must be a whole number of at least 1; it is 0.'],
  [{ heatMapColumns: 1.5 }, {}, 'heatMapColumns must be a whole number of at least 1; it is 1.5.'],
  [{}, { frameWidth: 0 }, 'frameWidth must be above 0 and finite; it is 0.'],
  [{}, { durationMs: Number.NaN }, 'durationMs must be at least 0 and finite; it is NaN.'],
])('what means nothing is refused by its name: %j %j', (options, video, reason) => {
  const scene = parseScene({ version: 1 });
  const path = walk(4, (s) => [0.1 + 0.1 * s, 0.6]);
  expect(() => analyze([path], scene, { ...VIDEO, ...video }, options)).toThrow(
    new RangeError(reason),
  );
});

test.each([
  ['timestampsMs', 1, Number.NaN, 'finite and not below the one before it or 0; it is NaN.'],
  ['timestampsMs', 0, -1, 'finite and not below the one before it or 0; it is -1.'],
  ['timestampsMs', 2, 50, 'finite and not below the one before it or 0; it is 50.'],
  ['boxes', 4, Number.POSITIVE_INFINITY, 'a ratio of the frame, from -10 to 10; it is Infinity.'],
  ['boxes', 6, 320, 'a ratio of the frame, from -10 to 10; it is 320.'],
  ['boxes', 7, Number.NaN, 'a ratio of the frame, from -10 to 10; it is NaN.'],
] as const)(
  'paths that are of no video are refused by name: %s %i %d',
  (member, at, value, rule) => {
    const boxes = [0.1, 0.3, 0.1, 0.3, 0.2, 0.3, 0.1, 0.3, 0.3, 0.3, 0.1, 0.3];
    const path = { index: 4, timestampsMs: [0, 100, 200], boxes };
    const wrong = { ...path, [member]: path[member].with(at, value) };
    expect(() => analyze([path, wrong], parseScene({ version: 1 }), VIDEO)).toThrow(
      new RangeError(`paths[1].${member}[${at}] must be ${rule}`),
    );
  },
);

test('a scene as JSON.parse gives it is counted as one that was read, and one that breaks a rule is told', () => {
  const points = [
    [0.5, 0],
    [0.5, 1],
  ];
  const written = { version: 1, lines: [{ id: 'door', points }] } as unknown as Scene;
  const walks = [walk(0, (s) => [0.1 + 0.2 * s, 0.6])];
  const analysis = analyze(walks, written, VIDEO);
  expect(analysis).toEqual(analyze(walks, parseScene(written), VIDEO));
  expect(analysis.lines[0]).toMatchObject({ in: 0, out: 1 });
  expect(walks.flatMap((it) => crossingsOf(one(it), written.lines[0]!, 1))).toEqual(
    analysis.lines[0]!.crossings,
  );
  expect(() => analyze(walks, { ...written, version: 2 } as unknown as Scene, VIDEO)).toThrow(
    SceneError,
  );
});

test('a name whose accents stand apart, as macOS writes them, tells what it does with them in one', () => {
  for (const name of [
    'Enregistrement de l’écran 2026-03-01 à 09.30.00.mov',
    'Gravação de Tela 2026-03-01 às 09.30.00.mov',
    'Tür 2026-03-01 09-30-00.mp4',
  ]) {
    const apart = name.normalize('NFD');
    expect(apart).not.toBe(name);
    expect(clockFromName(apart)).toBe('2026-03-01T09:30:00');
    expect(cameraFromName(apart)).toBe(cameraFromName(name));
  }
});
