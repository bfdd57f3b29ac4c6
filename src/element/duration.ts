/**
 * Milliseconds as a clock shows them: `0:07.4`, `12:03.0`, `1:02:03.4`.
 * @param decimals digits of the second, 0 to 3; rounded down, so that a time never reads later than it is
 */
export function clockText(ms: number, decimals = 1): string {
  const unit = 10 ** (3 - decimals);
  const rest = Math.floor(Math.max(0, ms) / unit) * unit;
  const hours = Math.floor(rest / 3_600_000);
  const minutes = Math.floor(rest / 60_000) % 60;
  const seconds = ((rest % 60_000) / 1000).toFixed(decimals);
  const padded = seconds.padStart(decimals === 0 ? 2 : decimals + 3, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${padded}`
    : `${minutes}:${padded}`;
}

/** Milliseconds in words that fit a table: `0.8 s`, `42 s`, `3 min 5 s`, `1 h 4 min`. */
export function spanText(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
