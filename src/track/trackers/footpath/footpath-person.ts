import type { Embedding } from '../../appearance/appearance.ts';
import { MOTION } from '../../filter/box-motion.ts';
import { TRAIL } from './motion-meter.ts';

/** What the footpath tracker knows of one person. */
export interface Person {
  readonly id: number;
  readonly motion: Float64Array;
  /** Last observed box. */
  readonly box: Float64Array;
  /** What `MotionMeter` needs of it. */
  readonly trail: Float64Array;
  /** Where the person is expected in this sample. */
  readonly expected: Float64Array;
  readonly born: number;
  /** How it began; a kind of `ConfirmationModel`. */
  kind: number;
  /** Its detection in the last sample it was seen in. */
  detection: number;
  lastSeen: number;
  hits: number;
  meanScore: number;
  /** Past its second match, or there from the first sample on; until then the track is tentative. */
  activated: boolean;
  /** Whether matched in the last sample. */
  seen: boolean;
  /** Whether it was seen for so long that it is confirmed, and learnt from. */
  confirmed: boolean;
  /** The person's appearance of late; undefined before they were well seen. */
  embedding: Embedding | undefined;
}

/** A person as plain data. */
export interface PersonSnapshot
  extends Omit<Person, 'motion' | 'box' | 'trail' | 'expected' | 'embedding'> {
  readonly motion: readonly number[];
  readonly box: readonly number[];
  readonly trail: readonly number[];
  readonly embedding: readonly number[] | null;
}

/** Room for a new person's numbers. */
export function personArrays(box: Float64Array) {
  return {
    motion: new Float64Array(MOTION),
    box,
    trail: new Float64Array(TRAIL),
    expected: new Float64Array(4),
  };
}

/** State of a person between two samples, as plain data. */
export function personSnapshot({ expected: _, ...person }: Person): PersonSnapshot {
  return {
    ...person,
    motion: Array.from(person.motion),
    box: Array.from(person.box),
    trail: Array.from(person.trail),
    embedding: person.embedding ? Array.from(person.embedding) : null,
  };
}

/** The person of a snapshot. */
export function restorePerson(person: PersonSnapshot): Person {
  return {
    ...person,
    motion: Float64Array.from(person.motion),
    box: Float64Array.from(person.box),
    trail: Float64Array.from(person.trail),
    expected: new Float64Array(4),
    embedding: person.embedding ? Float32Array.from(person.embedding) : undefined,
  };
}
