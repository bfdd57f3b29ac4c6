/** Extensions of containers that are read here, for browsers that know no type for them. */
export const VIDEO_EXTENSIONS = ['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.ts', '.m2ts'] as const;

/** What a file field offers, as its `accept`. */
export const ACCEPTED_VIDEOS = `video/*,${VIDEO_EXTENSIONS.join(',')}`;
