/** Long because what is answered, all of one pass over the paths, is named here too. */
import type { AnalysedPath } from './analysed-path.ts';
import { type BucketName, bucketAt, type TimeBucket, timeBuckets } from './by-time.ts';
import { floorOf } from './calibration.ts';
import { withoutShake } from './camera-shake.ts';
import { checkPaths } from './check-paths.ts';
import type { Crossing } from './crossings.ts';
import { type HeatMap, heatMapOf } from './heat-map.ts';
import { joinBroken } from './join-broken.ts';
import { median } from './median.ts';
import {
  type AnchorKind,
  parseScene,
  type Scene,
  type SceneLine,
  type SceneZone,
} from './scene.ts';
import { byBegin, countLine, countZone, type LineCount, type ZoneCount } from './shape-counts.ts';
import { bodyHeightSpeeds, speedsOf } from './speed.ts';
import { type Stand, standsOf } from './stands.ts';
import { type Trajectory, trajectoriesOf } from './trajectory.ts';
import {
  LONGEST_UNSEEN_MS,
  type Occupancy,
  occupancyByStretch,
  occupancyFigures,
  occupancyOf,
  type Transition,
  transitionsOf,
} from './visits.ts';

export type { LineCount, ZoneCount } from './shape-counts.ts';

/** What is known of the video apart from its paths. */
export interface AnalysedVideo {
  /** Width of the displayed frame in pixels, above 0. */
  readonly frameWidth: number;
  /** Height of the displayed frame in pixels, above 0. */
  readonly frameHeight: number;
  /** Length in milliseconds, 0 or more. */
  readonly durationMs: number;
}

/** Choices of an analysis. */
export interface AnalysisOptions {
  /** Shortest time in milliseconds that counts as standing still, above 0. Default 20,000. */
  readonly standMs?: number | undefined;
  /** Cells of the heat map from left to right, at least 1. Default 64. */
  readonly heatMapColumns?: number | undefined;
}

/** One person, summed up. */
export interface PersonFigures {
  readonly index: number;
  /** Milliseconds from the video's start. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Milliseconds in sight. */
  readonly inSightMs: number;
  /** Body heights a second, median over the path; absent where one sample is all there is. */
  readonly bodyHeightsPerSecond?: number;
  /** Metres a second, median over the path; only where the scene is calibrated. */
  readonly metresPerSecond?: number;
}

/** Answers about a video: how many, which way, how long, where. */
export interface Analysis {
  readonly scene: Scene;
  readonly video: AnalysedVideo;
  readonly lines: readonly LineCount[];
  readonly zones: readonly ZoneCount[];
  readonly transitions: readonly Transition[];
  /** In order of time. */
  readonly stands: readonly Stand[];
  readonly people: readonly PersonFigures[];
  /** People in the picture at once. */
  readonly meanAtOnce: number;
  readonly mostAtOnce: number;
  readonly occupancy: readonly Occupancy[];
  readonly heatMap: HeatMap;
}

/**
 * Counts a whole video with hindsight: from its finished paths and a scene. Time and memory are linear in the samples
 * (times the scene's points).
 * @param scene one that `parseScene` has not read, as `JSON.parse` gives it, is read: what it leaves out decides which way is in
 * @throws SceneError when the scene breaks a rule
 * @throws RangeError naming a number of the paths, the video or the options that is out of range
 */
export function analyze(
  paths: readonly AnalysedPath[],
  scene: Scene,
  video: AnalysedVideo,
  options: AnalysisOptions = {},
): Analysis {
  return analyzerOf(paths, video, options).count(parseScene(scene));
}

/**
 * As {@link analyze}, with a scene that `parseScene` has read, and with it the stands of other lengths: those of a shorter one are not those of a longer one cut
 * off, since each begins as early as it can.
 * @param lengths shortest times in milliseconds, each above 0
 */
export function analyzeStands(
  paths: readonly AnalysedPath[],
  scene: Scene,
  video: AnalysedVideo,
  lengths: readonly number[],
  options: AnalysisOptions = {},
): { readonly analysis: Analysis; readonly stands: ReadonlyMap<number, readonly Stand[]> } {
  const { count, standing } = analyzerOf(paths, video, options);
  return {
    analysis: count(scene),
    stands: new Map(lengths.map((ms) => [ms, standing(scene.anchor, ms)])),
  };
}

/** See {@link analyzerOf}. */
export interface Analyzer {
  /** Does what {@link analyze} does, with a scene that `parseScene` has read. */
  count(scene: Scene): Analysis;
  /** Who stood still for so many milliseconds. */
  standing(anchor: AnchorKind, ms: number): Stand[];
}

/**
 * Counts one video with one scene after the other, as where lines are being drawn: what a scene has in common with the one before is
 * not counted again. It holds about as much memory as the paths do.
 * @throws RangeError naming a number of the paths, the video or the options that is out of range
 */
export function analyzerOf(
  paths: readonly AnalysedPath[],
  video: AnalysedVideo,
  { standMs = 20_000, heatMapColumns = 64 }: AnalysisOptions = {},
): Analyzer {
  checkNumbers(video, standMs, heatMapColumns);
  checkPaths(paths);
  const aspect = video.frameWidth / video.frameHeight;
  const ways = keptByKey((anchor: AnchorKind) => {
    const trajectories = withoutShake(trajectoriesOf(paths, aspect, anchor));
    const joined = joinBroken(trajectories, aspect);
    const occupancy = occupancyOf(trajectories.flatMap(sightsOf));
    const { mean, most } = occupancyFigures(occupancy, 0, video.durationMs);
    return {
      trajectories,
      joined,
      figures: {
        stands: standingIn(joined, aspect, standMs),
        meanAtOnce: mean,
        mostAtOnce: most,
        occupancy,
        heatMap: heatMapOf(trajectories, aspect, heatMapColumns),
      },
    };
  });
  const people = keptByKey((scene: Pick<Scene, 'anchor' | 'calibration'>) =>
    figuresOf(ways([scene.anchor])[0]!.trajectories, aspect, scene.calibration),
  );
  const lines = keptByKey(({ anchor, line }: { anchor: AnchorKind; line: SceneLine }) =>
    countLine(line, ways([anchor])[0]!.joined, aspect),
  );
  const zones = keptByKey(({ anchor, zone }: { anchor: AnchorKind; zone: SceneZone }) =>
    countZone(zone, ways([anchor])[0]!.trajectories, aspect, video.durationMs),
  );
  return {
    count(scene) {
      const { anchor, calibration } = scene;
      const ofZones = zones(scene.zones.map((zone) => ({ anchor, zone })));
      return {
        scene,
        video,
        lines: lines(scene.lines.map((line) => ({ anchor, line }))),
        zones: ofZones,
        transitions: transitionsOf(ofZones.flatMap(({ visits }) => visits)),
        people: people([{ anchor, ...(calibration ? { calibration } : {}) }])[0]!,
        ...ways([anchor])[0]!.figures,
      };
    },
    standing: (anchor, ms) => standingIn(ways([anchor])[0]!.joined, aspect, ms),
  };
}

function standingIn(joined: readonly Trajectory[], aspect: number, ms: number): Stand[] {
  return joined.flatMap((it) => standsOf(it, aspect, ms)).sort(byBegin);
}

/** Makes something of each key, unless it did so the last time. @param make gives the same for keys that are the same as JSON */
function keptByKey<K, T>(make: (key: K) => T): (keys: readonly K[]) => T[] {
  let kept = new Map<string, T>();
  return (keys) => {
    const before = kept;
    kept = new Map();
    return keys.map((key) => {
      const name = JSON.stringify(key);
      const value = before.get(name) ?? make(key);
      kept.set(name, value);
      return value;
    });
  };
}

function figuresOf(
  trajectories: readonly Trajectory[],
  aspect: number,
  calibration: Scene['calibration'],
): PersonFigures[] {
  const toFloor = calibration && floorOf(calibration);
  return trajectories
    .filter(({ x }) => x.length > 0)
    .map((it) => {
      const speed = median(bodyHeightSpeeds(it));
      const metres = toFloor && median(speedsOf(it, (k) => toFloor(it.x[k]! / aspect, it.y[k]!)));
      return {
        index: it.index,
        firstMs: it.timestampsMs[0]!,
        lastMs: it.timestampsMs[it.timestampsMs.length - 1]!,
        inSightMs: sightsOf(it).reduce((sum, { beginMs, endMs }) => sum + endMs - beginMs, 0),
        ...(speed === undefined ? {} : { bodyHeightsPerSecond: speed }),
        ...(metres === undefined ? {} : { metresPerSecond: metres }),
      };
    });
}

function checkNumbers(
  { frameWidth, frameHeight, durationMs }: AnalysedVideo,
  standMs: number,
  heatMapColumns: number,
): void {
  for (const [name, value] of Object.entries({ frameWidth, frameHeight }))
    check(name, value, value > 0 && value < Number.POSITIVE_INFINITY, 'above 0 and finite');
  check(
    'durationMs',
    durationMs,
    durationMs >= 0 && durationMs < Number.POSITIVE_INFINITY,
    'at least 0 and finite',
  );
  check('standMs', standMs, standMs > 0, 'above 0');
  check(
    'heatMapColumns',
    heatMapColumns,
    Number.isInteger(heatMapColumns) && heatMapColumns >= 1,
    'a whole number of at least 1',
  );
}

function check(name: string, value: number, holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`${name} must be ${rule}; it is ${value}.`);
}

/** Stretches in which somebody was in sight. */
function sightsOf({ timestampsMs }: Trajectory): { beginMs: number; endMs: number }[] {
  const sights: { beginMs: number; endMs: number }[] = [];
  for (let k = 0, begin = 0; k < timestampsMs.length; k++) {
    if (k + 1 < timestampsMs.length && timestampsMs[k + 1]! - timestampsMs[k]! <= LONGEST_UNSEEN_MS)
      continue;
    sights.push({ beginMs: timestampsMs[begin]!, endMs: timestampsMs[k]! });
    begin = k + 1;
  }
  return sights;
}

/** What happened in a stretch of time. */
export interface TimeCount {
  readonly bucket: TimeBucket;
  /** People seen for the first time. */
  readonly arrivals: number;
  /** People at once in the picture. */
  readonly meanAtOnce: number;
  readonly mostAtOnce: number;
  /** Crossings of each line of the scene, in its order. */
  readonly lines: readonly { readonly in: number; readonly out: number }[];
  /** Visits begun in each zone of the scene, in its order. */
  readonly zones: readonly { readonly visits: number; readonly mostAtOnce: number }[];
}

/** The analysis by minutes, hours or days. Time is linear in what was counted and the stretches. */
export function countByTime(analysis: Analysis, name: BucketName): TimeCount[] {
  const { durationMs } = analysis.video;
  const buckets = timeBuckets(durationMs, name, analysis.scene.startsAt);
  const tally = (times: readonly number[]) => {
    const counts = new Int32Array(buckets.length);
    for (const time of times) counts[bucketAt(buckets, time)]!++;
    return counts;
  };
  const arrivals = tally(analysis.people.map(({ firstMs }) => firstMs));
  const lines = analysis.lines.map(({ crossings }) => {
    const times = (direction: Crossing['direction']) =>
      tally(crossings.filter((it) => it.direction === direction).map((it) => it.timestampMs));
    return { in: times('in'), out: times('out') };
  });
  const stretches = buckets.map(({ beginMs, endMs }) => ({
    beginMs: Math.max(0, beginMs),
    endMs: Math.min(durationMs, endMs),
  }));
  const atOnce = occupancyByStretch(analysis.occupancy, stretches);
  const zones = analysis.zones.map(({ visits, occupancy }) => ({
    visits: tally(visits.map(({ beginMs }) => beginMs)),
    atOnce: occupancyByStretch(occupancy, stretches),
  }));
  return buckets.map((bucket, i) => ({
    bucket,
    arrivals: arrivals[i]!,
    meanAtOnce: atOnce[i]!.mean,
    mostAtOnce: atOnce[i]!.most,
    lines: lines.map((line) => ({ in: line.in[i]!, out: line.out[i]! })),
    zones: zones.map((zone) => ({
      visits: zone.visits[i]!,
      mostAtOnce: zone.atOnce[i]!.most,
    })),
  }));
}
