/**
 * What the pipeline needs from its host, as interfaces: the engine knows no browser. `Image` is the host's
 * frame (a `VideoFrame` in the worker); whoever takes one over closes it.
 */
import type { VideoColorRange } from '../contract/types.ts';
import type { EmbeddingSpreads } from '../track/appearance/embedding-kind.ts';
import type { Detections } from '../track/detections.ts';
import type { FrameSize } from './common-frame.ts';

/** What is known of a video before its first frame. Lengths in pixels of the displayed frame. */
export interface VideoInfo {
  /** Rekognition's name of the codec, for example `h264`. */
  readonly codec: string;
  /** Rekognition's name of the container, for example `QuickTime / MOV`. */
  readonly format: string;
  /** Integer milliseconds, as a player shows it. Where the video turns out longer, that is known once it is read. */
  readonly durationMs: number;
  /** Average frames a second; 0 where the video does not tell it. */
  readonly frameRate: number;
  /** Of its first frame. */
  readonly width: number;
  readonly height: number;
  readonly colorRange?: VideoColorRange;
  /** The container's time that is the video's own 0, in milliseconds; absent where that is 0 too. */
  readonly startMs?: number;
  /** Unix milliseconds of the recording as the container tells it, if it does: it may be that of a copy. */
  readonly recordedAtMs?: number;
  /** Samples the job will have, for progress; an estimate until the end. */
  readonly expectedSamples: number;
}

/** Samples a second to take, or every frame. Default 15, Rekognition's own grid. */
export type SampleRate = number | 'all';

/** One frame of the sample grid. */
export interface SampledFrame<Image> {
  /**
   * Ordinal in the sample grid, from 0 without gaps. Of a part that begins later, counted as if every frame before it
   * could be decoded.
   */
  readonly sample: number;
  /** Ordinal of the displayed frame in the video, from 0. */
  readonly frame: number;
  /** Milliseconds from the video's start, rounded down: Rekognition's Timestamp. */
  readonly timestampMs: number;
  /** Time from the video's start in seconds, exact. */
  readonly timeSeconds: number;
  /** Frames of the video before this one that could not be decoded. */
  readonly framesLost: number;
  /** Of the displayed frame, where it is not the video's: some recordings change it on the way. */
  readonly size?: FrameSize;
  readonly image: Image;
  /** Taken before, and given once more because later ones are compared with it: counts for nothing else. */
  readonly isAgain?: true;
}

/** A part of a video by the times of its frames, in seconds from its start: from `from` on, before `to`. */
export interface TimeRange {
  readonly from: number;
  /** `Infinity`: to the end. */
  readonly to: number;
}

/** What decoding lost, so that nothing is lost in silence. */
export interface DecodeReport {
  /** Frames the container announces (packets shown by a player), from the video's start as far as read. */
  readonly framesExpected: number;
  readonly framesDecoded: number;
  /** framesExpected - framesDecoded so far: could not be decoded, skipped. */
  readonly framesDamaged: number;
  /**
   * Places of the file where nothing can be read, so that frames may be missing that no count knows of; absent where there
   * are none.
   */
  readonly partsUnread?: number;
  /** Times of the first damaged frames in milliseconds, at most 16. */
  readonly damagedAtMs: readonly number[];
  /** Times the decoder was rebuilt (damage, or reclaimed by the browser). */
  readonly decoderRestarts: number;
  /** Unclosed frames the source still owns. 0 after `close`. */
  readonly framesOpen: number;
}

/** Up to where a video was read before. */
export interface ReadSoFar {
  /** Samples taken. */
  readonly samples: number;
  /** Time of the last of them, in seconds from the video's start. */
  readonly timeSeconds: number;
  /** What decoding had lost up to that one, without what was read ahead. */
  readonly decode: DecodeReport;
  /** Time of the sample that the last of them was compared with, in seconds from the video's start; see {@link DetectionExtent}. */
  readonly keySeconds?: number;
}

/** A video being read. */
export interface FrameSource<Image> {
  readonly info: VideoInfo;
  /**
   * When the grid's samples before a part are shown, in seconds, were every frame before it decoded. Known with the first sample;
   * absent where there are none, or where reading went on.
   */
  readonly secondsBefore?: readonly number[];
  /**
   * Samples in order of display. Each image is the caller's to close. At most a few decoded frames are held at
   * a time, however slowly they are taken.
   * @param before goes on after that, from the nearest key frame before it, and counts on in the report
   * @param againFrom samples from so many seconds on come too, marked `isAgain`, where they lie before the others: all of them,
   *   or after `before` the first
   * @throws Failure `no-frame`, `video-truncated`, `times-unusable`, `decoder-failed`, `object-unreadable`: after every sample
   *   that could be had was given
   */
  samples(
    signal: AbortSignal,
    before?: ReadSoFar,
    againFrom?: number,
  ): AsyncGenerator<SampledFrame<Image>, void, void>;
  report(): DecodeReport;
  /** Releases decoder, file and frames. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * What a detector computes on, in order of preference; `auto` measures. `webgpu` and `webgl`: the graphics card. `int8`: the
 * processor, in 8-bit integers: the same answer on every device. `wasm`: the processor, in single precision. `cpu`: the
 * same, slow, for comparison.
 */
export const BACKEND_NAMES = ['webgpu', 'webgl', 'int8', 'wasm', 'cpu'] as const;

/** One of {@link BACKEND_NAMES}. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/** How the detector came to run as it does. */
export interface DetectorReport {
  /** Model id of the manifest. */
  readonly model: string;
  /** SHA-256 over the manifests of the networks, which name their files': where it differs, they find something else. */
  readonly fingerprint: string;
  readonly backend: BackendName;
  /** The network's input sizes in pixels, one for each scale at which it sees a frame. */
  readonly inputs: readonly { readonly width: number; readonly height: number }[];
  /** Score from which a detection of this model is of high confidence for the tracker, 0 to 1. */
  readonly scoreThreshold: number;
  /** The network that people are known again by, and how far its embeddings usually lie apart; absent: by colours. */
  readonly identity?: { readonly model: string; readonly spreads: EmbeddingSpreads };
  /** Images detected at the same time. */
  readonly concurrency: number;
  /** Whether `changes` are told from the whole, see {@link DetectionExtent}. */
  readonly motionGate?: true;
  /** Why other backends were not taken, for example `webgpu: no adapter`, and what else is not as usual. */
  readonly notes: readonly string[];
}

/**
 * Where to detect people in an image: in the `whole` of it; or only where it differs from the last one that was detected as a whole,
 * whose people are taken over elsewhere (`changes`).
 */
export type DetectionExtent = 'whole' | 'changes';

/** In how much of an image people were detected: in the `whole` of it, in `parts` that differed, or in `nothing` of it, since nothing did. */
export type DetectedShare = 'whole' | 'parts' | 'nothing';

/** Who is embedded: everybody who is well seen, or those of them who are `near` to somebody, whom they might be mixed up with. */
export type EmbeddedPeople = 'everybody' | 'near';

/** What a detector found in an image. */
export interface DetectedPeople extends Detections {
  /** Absent where the detector does not tell. */
  readonly share?: DetectedShare;
}

/** Finds people in images, several at a time. Answers depend on the images alone, never on the pool's size. */
export interface DetectorPool<Image> {
  readonly report: DetectorReport;
  /**
   * Takes the image over and closes it, whatever happens.
   * @param extent default `whole`, which it is too where the report knows no motion gate
   * @param embeds whom to embed too, where a network for it is loaded. Default nobody
   * @throws Failure `detector-failed`
   */
  detect(image: Image, extent?: DetectionExtent, embeds?: EmbeddedPeople): Promise<DetectedPeople>;
  /** Frees threads and memory; pending calls reject. Safe to call twice. */
  close(): Promise<void>;
}
