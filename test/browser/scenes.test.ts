import { afterEach, expect, test } from 'vitest';
import type { PersonTracking, PersonTrackingOptions } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { openRaw } from '../fixtures/first-layout.ts';

const open: PersonTracking[] = [];

function start(options: PersonTrackingOptions): PersonTracking {
  const tracking = createPersonTracking({ assets: '/', ...options });
  open.push(tracking);
  return tracking;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
});

const DOOR = {
  version: 1,
  camera: 'Door',
  startsAt: '2026-03-01T09:00:00Z',
  lines: [
    {
      id: 'line-1',
      name: 'Door',
      points: [
        [0.5, 0.1],
        [0.5, 0.9],
      ],
    },
  ],
};

test.each(['browser', 'memory'] as const)(
  'scenes are kept by the names of their cameras, without a clock (%s)',
  async (storage) => {
    const tracking = start({ database: `test-${crypto.randomUUID()}`, storage });
    expect(await tracking.listScenes()).toEqual([]);
    await tracking.saveScene(DOOR);
    await tracking.saveScene(JSON.stringify({ version: 1, camera: 'Aisle' }));
    const [aisle, door] = await tracking.listScenes();
    expect([aisle!.camera, door!.camera]).toEqual(['Aisle', 'Door']);
    expect(door!.startsAt).toBeUndefined();
    expect(door!.lines[0]!.name).toBe('Door');
    await tracking.saveScene({ ...DOOR, lines: [] });
    expect((await tracking.listScenes())[1]!.lines).toEqual([]);
    await tracking.deleteScene('Aisle');
    expect((await tracking.listScenes()).map(({ camera }) => camera)).toEqual(['Door']);
    await expect(tracking.saveScene({ version: 1 })).rejects.toThrow(/scene camera must be named/);
    await expect(tracking.saveScene({ ...DOOR, version: 2 })).rejects.toThrow(/version must be 1/);
  },
);

test.each(['browser', 'memory'] as const)(
  'what is said of a recording stays with its job, and is seen by other pages (%s)',
  async (storage) => {
    const database = `test-${crypto.randomUUID()}`;
    const tracking = start({ database, storage });
    await tracking.putObject({ Bucket: 'videos', Key: 'a.mp4', Body: new Blob(['no video']) });
    const { JobId } = await tracking.startPersonTracking({
      Video: { S3Object: { Bucket: 'videos', Name: 'a.mp4' } },
    });
    await tracking.waitForJob(JobId);
    expect((await tracking.getJob(JobId)).recording).toBeUndefined();
    const changed = new Promise((done) => tracking.addEventListener('change', done));
    const said = { camera: 'Door', startsAt: '2026-03-01T09:00:00+01:00' };
    await tracking.describeRecording(JobId, said);
    await changed;
    expect((await tracking.getJob(JobId)).recording).toEqual(said);
    if (storage === 'browser')
      expect((await start({ database }).getJob(JobId)).recording).toEqual(said);
    await tracking.describeRecording(JobId, { startsAt: null });
    expect((await tracking.getJob(JobId)).recording).toEqual({ startsAt: null });
    await expect(tracking.describeRecording(JobId, { startsAt: 'noon' })).rejects.toThrow(
      /startsAt must be an ISO 8601 time/,
    );
    await expect(tracking.describeRecording('unknown', {})).rejects.toThrow(/unknown/);
  },
);

test('a database of the first release gets room for scenes', async () => {
  const database = `test-${crypto.randomUUID()}`;
  (await openRaw(database, 1)).close();
  const tracking = start({ database });
  await tracking.saveScene(DOOR);
  expect(await tracking.listScenes()).toHaveLength(1);
});
