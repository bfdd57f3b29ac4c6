import { boxCoordinate } from '../box.ts';
import type { HistoryChunk } from '../history.ts';
import { robustDeviation } from './median.ts';

/** How boxes of this video move and shake; four numbers each, for centre x, centre y, width and height. */
export interface MeasuredNoise {
  /** Standard deviation of the detector's error, in heights of the person. */
  readonly deviation: readonly number[];
  /** Strength of random acceleration, (heights/s)² a second. */
  readonly acceleration: readonly number[];
  /** Usual time from sample to sample in seconds. */
  readonly stepSeconds: number;
}

/** Longest distance in time that is looked at: beyond, people turn and the model of small changes ends. */
const LONGEST_SECONDS = 0.6;
/** Values that make a median steady; reading stops when every distance has as many. */
const ENOUGH = 20_000;
const FEWEST = 20;
/** For videos with too few people to measure: a middling detector and a calm walk. */
const UNMEASURED = { deviation: 0.03, acceleration: 0.3 };

/** Acceleration, across and down together, from which people are brisk: (heights/s)² a second. Walkers have 0.1, players 3. */
const BRISK_ACCELERATION = 1;

/** How much of what is known of walkers holds here: 1, and the less the brisker people are. */
export function calmness({ acceleration }: MeasuredNoise): number {
  return Math.min(1, BRISK_ACCELERATION / (acceleration[0]! + acceleration[1]!));
}

/**
 * Measures, for one video, the detector's noise and how briskly people move. The second difference of a position
 * over a distance τ in time has variance 6 r² + (2/3) q τ³ when the position is measured with deviation r and the
 * velocity gains variance q a second: noise shows at short distances, motion at long ones. Variances are taken by
 * the median, so that switches of identity and false boxes do not count, and r and q fitted to the distances.
 * Measured because it differs by a factor of ten between detectors and scenes and decides how much to smooth.
 */
export class NoiseMeter {
  readonly #stepSeconds: number;
  /** Distances in samples. */
  readonly #strides: number[] = [];
  readonly #values: number[][][];
  readonly #recent = new Map<number, RecentBoxes>();
  #expired = 0;

  /** @param times of some consecutive samples in seconds */
  constructor(times: Float64Array) {
    const steps = Float64Array.from({ length: Math.max(0, times.length - 1) }, (_, i) => {
      return times[i + 1]! - times[i]!;
    }).sort();
    this.#stepSeconds = steps[(steps.length - 1) >> 1] ?? 1 / 15;
    for (
      let stride = 1;
      this.#strides.length < 2 || stride * this.#stepSeconds <= LONGEST_SECONDS;
      stride = stride === 1 ? 2 : Math.round(stride * 1.6)
    ) {
      this.#strides.push(stride);
    }
    this.#values = this.#strides.map(() => [[], [], [], []]);
  }

  /** Whether more would not change much. */
  get isEnough(): boolean {
    return this.#values.every((axes) => axes[0]!.length >= ENOUGH);
  }

  /** Takes the tracks of a stretch; stretches come in order. */
  add(chunk: HistoryChunk): void {
    const { observations, firstSample, offsets, boxes, times } = chunk;
    const longest = this.#strides[this.#strides.length - 1]!;
    for (let row = 0; row < observations.count; row++) {
      const sample = observations.samples[row]!;
      const id = observations.ids[row]!;
      let recent = this.#recent.get(id);
      if (recent === undefined) {
        recent = new RecentBoxes(2 * longest + 1);
        this.#recent.set(id, recent);
      }
      const detection = offsets[sample - firstSample]! + observations.detections[row]!;
      recent.push(sample, times[sample - firstSample]!, boxes, detection);
      for (const [s, stride] of this.#strides.entries()) {
        for (let axis = 0; axis < 4; axis++) {
          const values = this.#values[s]![axis]!;
          if (values.length >= ENOUGH) continue;
          const difference = recent.secondDifference(axis, stride);
          if (difference !== undefined) values.push(Math.abs(difference));
        }
      }
    }
    // Ids are never reused: those not seen for long are forgotten, so that memory stays flat.
    const last = firstSample + times.length;
    if (last - this.#expired < 1000) return;
    this.#expired = last;
    for (const [id, recent] of this.#recent) {
      if (last - recent.lastSample > 2 * longest + 1) this.#recent.delete(id);
    }
  }

  /** The figures; those of a calm scene where there was too little to measure. */
  measure(): MeasuredNoise {
    const deviation: number[] = [];
    const acceleration: number[] = [];
    for (let axis = 0; axis < 4; axis++) {
      const fit = this.#fit(axis);
      deviation.push(fit?.deviation ?? UNMEASURED.deviation);
      acceleration.push(fit?.acceleration ?? UNMEASURED.acceleration);
    }
    return { deviation, acceleration, stepSeconds: this.#stepSeconds };
  }

  /** Least squares of relative errors in r² and q, neither below 0. */
  #fit(axis: number): { deviation: number; acceleration: number } | undefined {
    let aa = 0;
    let ab = 0;
    let bb = 0;
    let a1 = 0;
    let b1 = 0;
    for (const [s, stride] of this.#strides.entries()) {
      const values = this.#values[s]![axis]!;
      if (values.length < FEWEST) continue;
      const spread = robustDeviation(values, 0);
      const variance = Math.max(1e-8, spread * spread);
      const tau = stride * this.#stepSeconds;
      const a = 6 / variance;
      const b = ((2 / 3) * tau * tau * tau) / variance;
      aa += a * a;
      ab += a * b;
      bb += b * b;
      a1 += a;
      b1 += b;
    }
    if (aa === 0) return undefined;
    const determinant = aa * bb - ab * ab;
    const noise = determinant > 0 ? (a1 * bb - b1 * ab) / determinant : a1 / aa;
    const motion = determinant > 0 ? (b1 * aa - a1 * ab) / determinant : 0;
    if (!(noise > 0)) return { deviation: 0, acceleration: b1 / bb };
    if (!(motion > 0)) return { deviation: Math.sqrt(a1 / aa), acceleration: 0 };
    return { deviation: Math.sqrt(noise), acceleration: motion };
  }
}

/** The last boxes of one track, as centre, width and height, at consecutive samples. */
class RecentBoxes {
  readonly #capacity: number;
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  #length = 0;
  lastSample = -1;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#values = new Float64Array(4 * capacity);
    this.#times = new Float64Array(capacity);
  }

  push(sample: number, time: number, boxes: Float32Array, box: number): void {
    if (sample !== this.lastSample + 1) this.#length = 0;
    this.lastSample = sample;
    const at = this.#length++ % this.#capacity;
    for (let axis = 0; axis < 4; axis++) {
      this.#values[4 * at + axis] = boxCoordinate(boxes, box, axis);
    }
    this.#times[at] = time;
  }

  /** z(t - τ) - 2 z(t) + z(t + τ) in heights, for the latest t that has both; steps need not be even. */
  secondDifference(axis: number, stride: number): number | undefined {
    if (this.#length <= 2 * stride) return undefined;
    const c = (this.#length - 1) % this.#capacity;
    const b = (this.#length - 1 - stride) % this.#capacity;
    const a = (this.#length - 1 - 2 * stride) % this.#capacity;
    const share = (this.#times[b]! - this.#times[a]!) / (this.#times[c]! - this.#times[a]!);
    const before = this.#values[4 * a + axis]!;
    const after = this.#values[4 * c + axis]!;
    const between = before + share * (after - before);
    return (2 * (between - this.#values[4 * b + axis]!)) / this.#values[4 * b + 3]!;
  }
}
