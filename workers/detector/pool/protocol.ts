/**
 * The messages between the detector pool and a detector thread. One request has one answer with its `id`; `lost`
 * comes unasked, is final, and makes every request in flight void.
 */
import type { FailureRecord } from '../../../src/contract/failure.ts';
import type { EmbeddedDetections } from '../../../src/detect/carry-over.ts';
import type { EmbeddingManifest } from '../../../src/detect/embedding-manifest.ts';
import type { Size } from '../../../src/detect/input-size.ts';
import type { ModelManifest } from '../../../src/detect/manifest.ts';
import type { BackendName, DetectedPeople, EmbeddedPeople } from '../../../src/engine/ports.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import type { CompiledKernels } from '../wasm/int8/module.ts';

/** A model read and checked: the files of one form by their names. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly files: ReadonlyMap<string, ArrayBuffer>;
}

/** A network that knows people again, read and checked. */
export interface LoadedEmbedding {
  readonly manifest: EmbeddingManifest;
  readonly files: ReadonlyMap<string, ArrayBuffer>;
}

/** First request, sent while the model is still being read: start the backend. Answer: `started`. */
export interface StartRequest {
  readonly type: 'start';
  readonly id: number;
  readonly runtime: ModelManifest['runtime'];
  readonly backend: BackendName;
  /** With `int8`: the kernels, compiled once for all threads. */
  readonly kernels?: CompiledKernels;
}

/** Second request, and before the first frame once more where other inputs fit better: build the network and warm it up. Answer: `loaded`. */
export interface LoadRequest {
  readonly type: 'load';
  readonly id: number;
  readonly model: LoadedModel;
  /** What tells people apart beside their colours, if anything does. */
  readonly embedding?: LoadedEmbedding;
  /** The network's inputs, one an input scale; a network that takes a single size keeps its own. */
  readonly inputSizes: readonly Size[];
  /** Boxes that score lower are not told, 0 to 1. */
  readonly minScore: number;
  /** See `suppress`. */
  readonly maxIou: number;
  /** Time a few runs, for a choice among backends or qualities. */
  readonly measure: boolean;
}

/** A frame in all of which people were detected, which later frames are compared with. */
export interface KeyImage {
  readonly id: number;
  /** Absent where the thread had it before. Transferred, and closed by the thread. */
  readonly image?: DecodedImage;
  readonly detections: EmbeddedDetections;
}

/** The frame is transferred and closed by the thread. Answer: `detected`. */
export interface DetectRequest {
  readonly type: 'detect';
  readonly id: number;
  readonly image: DecodedImage;
  /** Whom to embed too, where a network for it is loaded. */
  readonly embeds: EmbeddedPeople | undefined;
  /** Keep the frame: others will be compared with it, under this id. */
  readonly keyId?: number;
  /** Detect only where the frame differs from this one. */
  readonly since?: KeyImage;
}

/** Between two videos: nothing of the frames so far is to be known in the next. Answer: `forgotten`. */
export interface ForgetRequest {
  readonly type: 'forget';
  readonly id: number;
}

/** What a detector thread is asked. */
export type DetectorRequest = StartRequest | LoadRequest | DetectRequest | ForgetRequest;

/** What a detector thread says of itself when it is loaded. */
export interface Ready {
  /**
   * Milliseconds of one frame on an empty picture: the median of a few where it is measured, else the first. Absent in 8-bit integers
   * unless it is measured: there the first run is like any other.
   */
  readonly frameMs?: number;
  /** The network's inputs, one an input scale. */
  readonly inputSizes: readonly Size[];
  /** What does not run as it should, and why. */
  readonly notes: readonly string[];
}

/** Whom a thread found in a frame. */
export type SeenPeople = EmbeddedDetections & Required<Pick<DetectedPeople, 'share'>>;

/** What a detector thread answers. */
export type DetectorResponse =
  | { readonly type: 'started'; readonly id: number }
  | { readonly type: 'loaded'; readonly id: number; readonly ready: Ready }
  | { readonly type: 'detected'; readonly id: number; readonly detections: SeenPeople }
  | { readonly type: 'forgotten'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly failure: FailureRecord }
  /** The device is gone; this thread is of no more use. */
  | { readonly type: 'lost'; readonly reason: string };
