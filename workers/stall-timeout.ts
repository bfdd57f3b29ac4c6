import { STALLED } from '../src/engine/detect-samples.ts';
import { afterSilence } from '../src/protocol/silence.ts';

/** What the engine watches a detection by: rejects with STALLED after so many milliseconds, unless it is called off. */
export function stallTimeout(milliseconds: number): {
  expired: Promise<never>;
  cancel: () => void;
} {
  let cancel = () => {};
  const expired = new Promise<never>((_, reject) => {
    cancel = afterSilence(milliseconds, () => reject(STALLED));
  });
  expired.catch(() => {});
  return { expired, cancel };
}
