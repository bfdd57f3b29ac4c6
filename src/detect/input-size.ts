import type { ModelInput, Quality } from './manifest.ts';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a frame lies in a network's input: `inputX = left + frameX * scaleX`, `inputY = top + frameY * scaleY`. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * The input's sizes for a video: the pixels that the quality allows, in the video's own shape, rounded to what the
 * network takes. Depends on nothing else, so that every machine gives the same boxes.
 * @param input of the model's manifest
 * @param quality how many pixels to spend
 * @param video the displayed frame's size
 * @returns one size for each input scale, at least one
 */
export function chooseInputSizes(input: ModelInput, quality: Quality, video: Size): Size[] {
  // Beyond 4:1 the short side would hold too few cells to see anybody.
  const aspect = Math.min(4, Math.max(1 / 4, video.width / video.height));
  const round = (length: number): number =>
    Math.max(1, Math.round(length / input.multiple)) * input.multiple;
  return input.areas[quality].map((area) => {
    const height = Math.sqrt(area / aspect);
    return { width: round(height * aspect), height: round(height) };
  });
}

/**
 * @param fit of the model's manifest
 * @param input the network's input
 * @param frame the displayed frame
 * @returns where the frame is drawn
 */
export function placeFrame(fit: ModelInput['fit'], input: Size, frame: Size): Placement {
  const scaleX = input.width / frame.width;
  const scaleY = input.height / frame.height;
  if (fit === 'stretch') return { left: 0, top: 0, scaleX, scaleY };
  const scale = Math.min(scaleX, scaleY);
  return { left: 0, top: 0, scaleX: scale, scaleY: scale };
}

/**
 * Takes boxes from the input back to the frame, in place.
 * @param boxes XyxyPx of the input; afterwards XyxyPx of the frame
 */
export function toFramePixels(boxes: Float32Array, { left, top, scaleX, scaleY }: Placement): void {
  for (let i = 0; i < boxes.length; i += 2) {
    boxes[i] = (boxes[i]! - left) / scaleX;
    boxes[i + 1] = (boxes[i + 1]! - top) / scaleY;
  }
}

/**
 * The other way of {@link toFramePixels}.
 * @param boxes XyxyPx of the frame, left as they are
 * @returns XyxyPx of the input
 */
export function toInputPixels(
  boxes: Float32Array,
  { left, top, scaleX, scaleY }: Placement,
): Float32Array {
  return boxes.map((value, i) => (i % 2 === 0 ? left + scaleX * value : top + scaleY * value));
}
