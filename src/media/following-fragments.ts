import type { Input, InputVideoTrack } from 'mediabunny';
import { orUndefined } from './or-undefined.ts';
import { endOf } from './track-times.ts';

/** Fragments that begin so much before the samples of the index end do not follow on them. Seconds. */
const OVERLAP_SECONDS = 0.5;

/**
 * The track of a movie's fragments that goes on where the samples end which the movie's index lists: recorders that write a
 * whole movie first and fragments behind it do so, FFmpeg with `frag_keyframe` alone among them.
 * @param track as the index lists it
 * @param fragments the same file without that list
 * @returns undefined where the fragments have nothing of that track, or tell what was listed once more
 */
export async function followingFragments(
  track: InputVideoTrack,
  fragments: Input,
): Promise<InputVideoTrack | undefined> {
  const tracks = await orUndefined(fragments.getVideoTracks());
  const same = tracks?.find(({ id }) => id === track.id);
  const first = same && (await orUndefined(same.getFirstTimestamp()));
  const isLater = first !== undefined && first >= (await endOf(track)) - OVERLAP_SECONDS;
  return isLater && (await endOf(same!)) > 0 ? same : undefined;
}
