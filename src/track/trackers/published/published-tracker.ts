import { AssignmentsBuffer } from '../../assignments-buffer.ts';
import type { BoxArray } from '../../box.ts';
import type { Detections } from '../../detections.ts';
import { SampleBoxes } from '../../sample-boxes.ts';
import {
  type Assignments,
  CONFIRMED,
  ownState,
  TENTATIVE,
  type Tracker,
  type TrackerSnapshot,
} from '../../tracker.ts';
import { type ClockSnapshot, SampleClock } from './sample-clock.ts';

interface PublishedSnapshot<Plain> {
  readonly clock: ClockSnapshot;
  readonly nextId: number;
  readonly samples: number;
  readonly tracks: readonly Plain[];
}

/**
 * The life cycle that the published trackers share: samples in order, times in frames, ids, reports, and the state as
 * plain data. What makes each of them is how it follows its tracks.
 */
export abstract class PublishedTracker<Track extends { readonly id: number }, Plain>
  implements Tracker
{
  abstract readonly name: string;
  readonly #version: string;
  readonly #leastScore: number;
  readonly #output = new AssignmentsBuffer();
  #nextId = 1;
  /** Time in frames. */
  protected readonly clock = new SampleClock();
  /** Detections of this sample. */
  protected readonly sample = new SampleBoxes();
  protected tracks: Track[] = [];
  /** Samples so far, this one included. */
  protected samples = 0;

  /**
   * @param version name and version of the state that {@link snapshot} gives
   * @param leastScore of a detection that is used, 0 to 1
   */
  constructor(version: string, leastScore: number) {
    this.#version = version;
    this.#leastScore = leastScore;
  }

  update(detections: Detections, timeSeconds: number): Assignments {
    this.sample.load(detections, this.#leastScore);
    const step = this.clock.tick(timeSeconds);
    this.samples++;
    this.#output.clear();
    this.follow(step);
    return this.#output;
  }

  /**
   * Moves the tracks on to this sample, gives them its detections, begins and ends tracks.
   * @param step frames since the sample before; 0 at the first
   */
  protected abstract follow(step: number): void;

  /** A track as plain data. */
  protected abstract toPlain(track: Track): Plain;

  /** The track of plain data. */
  protected abstract fromPlain(plain: Plain): Track;

  /** An id that no track had before. */
  protected newId(): number {
    return this.#nextId++;
  }

  /**
   * Reports a track that was given a detection of this sample.
   * @param boxes where the reported box lies
   * @param box which one
   * @param detection of {@link sample}
   */
  protected report(
    { id }: Track,
    boxes: BoxArray,
    box: number,
    detection: number,
    isConfirmed: boolean,
  ): void {
    const { scores, indices } = this.sample;
    const state = isConfirmed ? CONFIRMED : TENTATIVE;
    this.#output.add(id, boxes, box, scores[detection]!, indices[detection]!, state);
  }

  snapshot(): TrackerSnapshot {
    const state: PublishedSnapshot<Plain> = {
      clock: this.clock.snapshot(),
      nextId: this.#nextId,
      samples: this.samples,
      tracks: this.tracks.map((track) => this.toPlain(track)),
    };
    return { tracker: this.#version, state };
  }

  restore(snapshot: TrackerSnapshot): void {
    const state = ownState(snapshot, this.#version) as PublishedSnapshot<Plain>;
    this.clock.restore(state.clock);
    this.#nextId = state.nextId;
    this.samples = state.samples;
    this.tracks = state.tracks.map((plain) => this.fromPlain(plain));
  }
}
