import { withRoom } from './columns.ts';
import type { Detections } from './detections.ts';
import { usableDetections } from './usable-detections.ts';

/** The detections of one sample that a tracker can use, side by side in double precision; filled anew each sample. */
export class SampleBoxes {
  count = 0;
  /** 4 x count, XyxyPx. */
  boxes = new Float64Array(64);
  /** Count numbers, 0 to 1. */
  scores = new Float64Array(16);
  /** Which of the given detections each one is. */
  indices = new Int32Array(16);

  /**
   * Takes the detections of the next sample.
   * @param detections what the detector found
   * @param minimumScore least score of what is kept, 0 to 1
   * @throws RangeError as `usableDetections` does
   */
  load(detections: Detections, minimumScore: number): void {
    const usable = usableDetections(detections, minimumScore, this.indices);
    this.indices = usable.indices;
    this.count = usable.count;
    this.boxes = withRoom(this.boxes, 4 * this.count);
    this.scores = withRoom(this.scores, this.count);
    for (let j = 0; j < this.count; j++) {
      const index = this.indices[j]!;
      for (let k = 0; k < 4; k++) this.boxes[4 * j + k] = detections.boxes[4 * index + k]!;
      this.scores[j] = detections.scores[index]!;
    }
  }
}
