/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it began; a minute is ample for that.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `doors/entrance.mp4` gives `entrance`: what a video's files are called after. */
export function fileBase(key: string): string {
  const base = key
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '');
  return base || 'video';
}

/** What a file made of a video is called: `entrance.mp4` and `people.json` give `entrance-people.json`. */
export function nameBeside(key: string, ending: string): string {
  return `${fileBase(key)}-${ending}`;
}
