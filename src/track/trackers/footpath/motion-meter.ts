import { boxCoordinate, CENTRE_X, CENTRE_Y, HEIGHT } from '../../box.ts';
import { TIME_EPSILON } from '../../time.ts';

/**
 * Numbers one track's trail takes: two lags, one from sample to sample and one over a longer time, each
 * a count and two places (time, x, y).
 */
export const TRAIL = 14;
const LAG = TRAIL / 2;

/** Time between the places of the longer lag: motion stands out of the detector's noise by then. */
const LONG_SECONDS = 0.4;
/** Acceleration expected at least, and how much of the measured strength is added: people differ, moments too. */
const LEAST_ACCELERATION = 0.22;
const STRENGTH_SHARE = 0.45;
/** Strengths above are a shaking camera's, or those of too few people. */
const MOST_STRENGTH = 5;
/** Median over mean of a squared length in the plane: 0.45 where all walk along one line, 0.69 where anywhere. */
const MEDIAN_SHARE = 0.55;
/** Median squared second difference that a detector's noise makes, before any is measured. */
const START_NOISE = 0.005;
/** Steps of the running medians: the first, after how many values half of it, and the least. */
const FIRST_STEP = 0.3;
const HALVING = 30;
const LEAST_STEP = 0.01;

// Where the state's numbers are.
const SHORT = 0;
const LONG = 3;
const MEDIAN = 0;
const CUBED = 1;
const COUNT = 2;

/**
 * Learns while tracking how briskly people of this video change their velocity. The second difference of a place
 * over a distance τ in time has variance 6 r² + (2/3) q τ³ when places are measured with deviation r and the velocity
 * gains variance q a second; from a short and a long distance q follows. Variances are running medians (moved up or
 * down a step by each value, Robbins and Monro, "A Stochastic Approximation Method", 1951), so that switches of
 * identity hardly count, and the whole state is six numbers.
 */
export class MotionMeter {
  /** For the short and the long lag: median squared second difference in heights², mean τ³ in s³, values so far. */
  readonly #state: Float64Array;
  readonly #start: number;
  #distance = 0;

  /** @param acceleration to expect before anything is measured, (heights/s)² a second */
  constructor(acceleration: number) {
    this.#start = acceleration;
    const strength = (acceleration - LEAST_ACCELERATION) / STRENGTH_SHARE;
    const cubed = LONG_SECONDS * LONG_SECONDS * LONG_SECONDS;
    const motion = (2 / 3) * MEDIAN_SHARE * strength * cubed;
    this.#state = Float64Array.of(START_NOISE, 0, 0, START_NOISE + motion, 0, 0);
  }

  /** Acceleration to expect of people here, (heights/s)² a second; for `MotionNoise`. */
  get acceleration(): number {
    const state = this.#state;
    const cubed = state[LONG + CUBED]! - state[SHORT + CUBED]!;
    if (!(cubed > 0)) return this.#start;
    const difference = state[LONG + MEDIAN]! - state[SHORT + MEDIAN]!;
    const strength = (1.5 * difference) / (MEDIAN_SHARE * cubed);
    return LEAST_ACCELERATION + STRENGTH_SHARE * Math.min(MOST_STRENGTH, Math.max(0, strength));
  }

  /**
   * Takes the next observation of a track.
   * @param trail {@link TRAIL} numbers, all 0 for a new track
   * @param time of this sample in seconds
   * @param step seconds since the sample before
   * @param box XyxyPx, four numbers
   */
  observe(trail: Float64Array, time: number, step: number, box: Float64Array): void {
    const longest = 2 * (LONG_SECONDS + step);
    const shortest = Math.max(LONG_SECONDS, 1.5 * step) - TIME_EPSILON;
    this.#learn(SHORT, this.#secondDifference(trail, 0, time, box, 0, 1.5 * step));
    this.#learn(LONG, this.#secondDifference(trail, LAG, time, box, shortest, longest));
  }

  /**
   * Adds a place to a lag when it is time; a place that comes too late starts the lag anew.
   * @returns the squared second difference in heights², when three places are there, else -1
   */
  #secondDifference(
    trail: Float64Array,
    o: number,
    time: number,
    box: Float64Array,
    shortest: number,
    longest: number,
  ): number {
    const x = boxCoordinate(box, 0, CENTRE_X);
    const y = boxCoordinate(box, 0, CENTRE_Y);
    const before = o + 1;
    const last = o + 4;
    const passed = time - trail[last]!;
    let places = trail[o]!;
    if (places > 0 && passed < shortest) return -1;
    if (places > 0 && passed > longest) places = 0;
    let value = -1;
    if (places === 2) {
      const earlier = trail[last]! - trail[before]!;
      const share = earlier / (earlier + passed);
      const height = boxCoordinate(box, 0, HEIGHT);
      const fromX = trail[before + 1]!;
      const fromY = trail[before + 2]!;
      const dx = (2 * (fromX + share * (x - fromX) - trail[last + 1]!)) / height;
      const dy = (2 * (fromY + share * (y - fromY) - trail[last + 2]!)) / height;
      value = dx * dx + dy * dy;
      this.#distance = (earlier + passed) / 2;
    }
    trail.copyWithin(before, last, last + 3);
    trail[last] = time;
    trail[last + 1] = x;
    trail[last + 2] = y;
    trail[o] = Math.min(2, places + 1);
    return value;
  }

  #learn(o: number, value: number): void {
    if (value < 0) return;
    const state = this.#state;
    const count = state[o + COUNT]!++;
    const step = Math.max(LEAST_STEP, FIRST_STEP / (1 + count / HALVING));
    state[o + MEDIAN]! *= value > state[o + MEDIAN]! ? 1 + step : 1 / (1 + step);
    const cubed = this.#distance * this.#distance * this.#distance;
    state[o + CUBED]! += Math.max(LEAST_STEP, 1 / (1 + count)) * (cubed - state[o + CUBED]!);
  }

  /** State as plain data. */
  snapshot(): number[] {
    return Array.from(this.#state);
  }

  /** Continues from a snapshot. */
  restore(snapshot: readonly number[]): void {
    this.#state.set(snapshot);
  }
}
