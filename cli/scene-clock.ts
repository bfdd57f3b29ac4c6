import { basename } from 'node:path';
import { startFromName } from '../src/analytics/device-clock.ts';
import type { Scene } from '../src/analytics/scene.ts';

/** A scene on the clock of a video or its result: the scene's own, else the one that the file's name tells, if it does. */
export function withClock(scene: Scene, file: string): Scene {
  const startsAt = scene.startsAt ?? startFromName(basename(file));
  return startsAt === undefined ? scene : { ...scene, startsAt };
}
