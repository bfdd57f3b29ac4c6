import type { Detections } from '../track/detections.ts';

/** Width and height of a displayed frame in pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Detections of a frame in the pixels of another: tracking goes on in the video's first size where a recording changes
 * it on the way, and ratios of the frame stay what they are.
 * @param from the frame of the detections; undefined: it has the other's size already
 * @param to the frame to go to
 */
export function toCommonFrame<Found extends Detections>(
  detections: Found,
  from: FrameSize | undefined,
  to: FrameSize,
): Found {
  if (!from) return detections;
  const scales = [to.width / from.width, to.height / from.height];
  return { ...detections, boxes: detections.boxes.map((edge, i) => edge * scales[i % 2]!) };
}
