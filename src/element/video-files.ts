/** Extensions of containers that are read here, for browsers that know no type for them. */
export const VIDEO_EXTENSIONS = ['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.ts', '.m2ts'] as const;

/** Whether a file is known to be a video, by its name or by its type. */
export function isKnownVideo({ name, type }: Pick<File, 'name' | 'type'>): boolean {
  const lower = name.toLowerCase();
  return type.startsWith('video/') || VIDEO_EXTENSIONS.some((ending) => lower.endsWith(ending));
}

/** What a file field offers, as its `accept`. */
export const ACCEPTED_VIDEOS = `video/*,${VIDEO_EXTENSIONS.join(',')}`;
