import { floorOf, type SceneCalibration } from './calibration.ts';
import type { Point } from './geometry.ts';
import { isDay } from './is-day.ts';
import { SceneError } from './scene-error.ts';

/** The place of a person that counts: where the feet stand, the middle of the box, or the top of the head. */
export type AnchorKind = 'foot' | 'centre' | 'head';

/** A line that people cross. Its hands are those of somebody who walks from its first point to its last. */
export interface SceneLine {
  /** Unique in the scene, 1 to 64 characters. */
  readonly id: string;
  /** For people; at most 200 characters. */
  readonly name: string;
  /** At least two places, in ratios of the displayed frame. */
  readonly points: readonly Point[];
  /** Name of the side on the left hand, say `street`. */
  readonly left: string;
  /** Name of the side on the right hand, say `shop`. */
  readonly right: string;
  /** Which side is inside; a crossing to it is `in`. */
  readonly inside: 'left' | 'right';
}

/** An area in which people stay. */
export interface SceneZone {
  /** Unique in the scene, 1 to 64 characters. */
  readonly id: string;
  /** For people; at most 200 characters. */
  readonly name: string;
  /** A polygon of at least three places, in ratios of the displayed frame; the last is joined to the first. */
  readonly points: readonly Point[];
}

/**
 * What is counted in the videos of one camera. Places are ratios of the displayed frame (0,0 its left upper corner, 1,1
 * its right lower one), so that a scene serves every video of a camera, whatever its size; a line may run out of it
 * (-1 to 2).
 */
export interface Scene {
  readonly version: 1;
  /** Name of the camera, at most 200 characters. */
  readonly camera?: string;
  readonly lines: readonly SceneLine[];
  readonly zones: readonly SceneZone[];
  /** The place of a person that counts. */
  readonly anchor: AnchorKind;
  /** When the video begins: an ISO 8601 time with its offset from UTC, so that hours of the day can be told. */
  readonly startsAt?: string;
  readonly calibration?: SceneCalibration;
}

/** A scene without lines and zones. */
export const EMPTY_SCENE: Scene = { version: 1, lines: [], zones: [], anchor: 'foot' };

/** Farthest that a place may lie out of the frame, as a ratio of it. */
const OUTSIDE = 1;
const MOST_POINTS = 1000;
const MOST_SHAPES = 1000;

/**
 * Reads a scene: JSON text, or what `JSON.parse` makes of it. Members with a default may be left out (`lines`, `zones`,
 * `anchor`, and of a line `name`, `left`, `right`, `inside`).
 * @throws SceneError that names the place, the rule and the value
 */
export function parseScene(input: unknown): Scene {
  let value = input;
  if (typeof input === 'string') {
    try {
      // Editors of some systems begin a file with a byte order mark, which JSON does not know.
      value = JSON.parse(input.replace(/^\uFEFF/, ''));
    } catch {
      throw new SceneError('', 'must be JSON', input);
    }
  }
  const scene = record(value, '');
  refuseUnknown(scene, '', [
    '$schema',
    'version',
    'camera',
    'lines',
    'zones',
    'anchor',
    'startsAt',
    'calibration',
  ]);
  if (scene.version !== 1) throw new SceneError('version', 'must be 1', scene.version);
  const ids = new Set<string>();
  const camera = optional(scene.camera, (it) => text(it, 'camera', 1, 200));
  const startsAt = optional(scene.startsAt, parseStart);
  const calibration = optional(scene.calibration, parseCalibration);
  return {
    version: 1,
    ...(camera === undefined ? {} : { camera }),
    lines: list(or(scene.lines, []), 'lines', 0, MOST_SHAPES).map((line, i) =>
      parseLine(line, `lines[${i}]`, ids),
    ),
    zones: list(or(scene.zones, []), 'zones', 0, MOST_SHAPES).map((zone, i) =>
      parseZone(zone, `zones[${i}]`, ids),
    ),
    anchor: oneOf(or(scene.anchor, 'foot'), 'anchor', ['foot', 'centre', 'head']),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(calibration === undefined ? {} : { calibration }),
  };
}

function parseLine(value: unknown, path: string, ids: Set<string>): SceneLine {
  const line = record(value, path);
  refuseUnknown(line, path, ['id', 'name', 'points', 'left', 'right', 'inside']);
  const id = parseId(line.id, `${path}.id`, ids);
  const points = list(line.points, `${path}.points`, 2, MOST_POINTS).map((point, i) =>
    parsePlace(point, `${path}.points[${i}]`),
  );
  for (let i = 1; i < points.length; i++) {
    if (points[i]![0] === points[i - 1]![0] && points[i]![1] === points[i - 1]![1]) {
      throw new SceneError(`${path}.points[${i}]`, 'must differ from the point before', points[i]);
    }
  }
  return {
    id,
    name: text(or(line.name, id), `${path}.name`, 1, 200),
    points,
    left: text(or(line.left, 'left'), `${path}.left`, 1, 200),
    right: text(or(line.right, 'right'), `${path}.right`, 1, 200),
    inside: oneOf(or(line.inside, 'right'), `${path}.inside`, ['left', 'right']),
  };
}

function parseZone(value: unknown, path: string, ids: Set<string>): SceneZone {
  const zone = record(value, path);
  refuseUnknown(zone, path, ['id', 'name', 'points']);
  const id = parseId(zone.id, `${path}.id`, ids);
  const points = list(zone.points, `${path}.points`, 3, MOST_POINTS).map((point, i) =>
    parsePlace(point, `${path}.points[${i}]`),
  );
  if (Math.abs(signedArea(points)) < 1e-9)
    throw new SceneError(`${path}.points`, 'must enclose an area', zone.points);
  return { id, name: text(or(zone.name, id), `${path}.name`, 1, 200), points };
}

function parseCalibration(value: unknown): SceneCalibration {
  const calibration = record(value, 'calibration');
  refuseUnknown(calibration, 'calibration', ['image', 'floor']);
  const read = (name: 'image' | 'floor') => {
    const path = `calibration.${name}`;
    const points = list(calibration[name], path, 4, 4).map((point, i) =>
      name === 'image'
        ? parsePlace(point, `${path}[${i}]`)
        : pair(point, `${path}[${i}]`, -100_000, 100_000),
    );
    for (let i = 0; i < 4; i++) {
      const others = points.filter((_, k) => k !== i);
      if (Math.abs(signedArea(others)) < 1e-9)
        throw new SceneError(path, 'must have no three places in a row', calibration[name]);
    }
    return points as unknown as SceneCalibration['image'];
  };
  const read4 = { image: read('image'), floor: read('floor') };
  floorOf(read4);
  return read4;
}

function parseStart(value: unknown): string {
  const start = text(value, 'startsAt', 1, 64);
  const isTime =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(start) &&
    Number.isFinite(Date.parse(start)) &&
    isDay(start.slice(0, 10));
  if (!isTime)
    throw new SceneError(
      'startsAt',
      'must be an ISO 8601 time with its offset, like 2026-03-01T09:00:00+01:00',
      value,
    );
  return start;
}

function signedArea(points: readonly Point[]): number {
  let area = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    area += points[j]![0] * points[i]![1] - points[i]![0] * points[j]![1];
  }
  return area / 2;
}

function parseId(value: unknown, path: string, ids: Set<string>): string {
  const id = text(value, path, 1, 64);
  if (ids.has(id)) throw new SceneError(path, 'must be unique in the scene', id);
  ids.add(id);
  return id;
}

function parsePlace(value: unknown, path: string): Point {
  return pair(value, path, -OUTSIDE, 1 + OUTSIDE);
}

function pair(value: unknown, path: string, least: number, most: number): Point {
  const isPair =
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((it) => typeof it === 'number' && it >= least && it <= most);
  if (!isPair)
    throw new SceneError(path, `must be two numbers from ${least} to ${most}: [x, y]`, value);
  return [value[0], value[1]];
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SceneError(path, 'must be an object', value);
  return value as Record<string, unknown>;
}

function list(value: unknown, path: string, least: number, most: number): unknown[] {
  if (!Array.isArray(value) || value.length < least || value.length > most) {
    const many = least === most ? `${least}` : `${least} to ${most}`;
    throw new SceneError(path, `must be a list of ${many}`, value);
  }
  return value;
}

function text(value: unknown, path: string, least: number, most: number): string {
  // Characters, as JSON Schema counts them, not their halves.
  const length = typeof value === 'string' ? [...value].length : -1;
  if (typeof value !== 'string' || length < least || length > most)
    throw new SceneError(path, `must be a text of ${least} to ${most} characters`, value);
  return value;
}

function oneOf<T extends string>(value: unknown, path: string, names: readonly T[]): T {
  if (!names.includes(value as T))
    throw new SceneError(path, `must be one of ${names.join(', ')}`, value);
  return value as T;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

/** A member, or its default where it is left out; `null` is no way to leave it out. */
function or(value: unknown, missing: unknown): unknown {
  return value === undefined ? missing : value;
}

function refuseUnknown(value: Record<string, unknown>, path: string, known: readonly string[]) {
  const stranger = Object.keys(value).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new SceneError(
      path === '' ? stranger : `${path}.${stranger}`,
      `is unknown; known: ${known.join(', ')}`,
      value[stranger],
    );
}
