import { Failure } from '../contract/failure.ts';

/** Bounds that no network comes near: a damaged number must not cost the memory or the time that it names. */
const LIST_MAX = 256;
const FILE_MAX_BYTES = 2 ** 32;

/** Checks the members of a manifest, one after the other; the first that is wrong ends it. */
export class ManifestChecks {
  readonly #url: string;

  /** @param url where the manifest came from, for the message */
  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Failure `model-damaged` that says so */
  wrong(what: string): never {
    throw new Failure(
      'model-damaged',
      `The model's manifest ${this.#url} is not usable: ${what}. Run "npm run setup" again.`,
    );
  }

  /** A text that is not empty. */
  text(member: string, value: unknown): void {
    if (typeof value !== 'string' || value === '') this.wrong(`${member} must be a text`);
  }

  /** A finite number that `fits`; `rule` completes "must be …". */
  number(member: string, value: unknown, rule: string, fits: (n: number) => boolean): void {
    if (typeof value !== 'number' || !Number.isFinite(value) || !fits(value))
      this.wrong(`${member} must be ${rule}`);
  }

  /** A whole number within bounds, both included. */
  whole(member: string, value: unknown, min: number, max: number): void {
    this.number(
      member,
      value,
      `a whole number from ${min} to ${max}`,
      (n) => Number.isInteger(n) && n >= min && n <= max,
    );
  }

  /** A list that is not empty, or of so many numbers. */
  list(member: string, value: unknown, length?: number): unknown[] {
    const rule = length === undefined ? 'a list that is not empty' : `${length} numbers`;
    const isList = Array.isArray(value) && value.length > 0 && value.length <= LIST_MAX;
    if (!isList || (length !== undefined && value.length !== length))
      this.wrong(`${member} must be ${rule}`);
    return value as unknown[];
  }

  /** An object with members. */
  record(member: string, value: unknown): Record<string, unknown> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    return this.wrong(`${member} is no object`);
  }

  /** The order of channels, and for each `(pixel - mean) / std`. */
  channels(input: Record<string, unknown>): void {
    if (input.channels !== 'rgb' && input.channels !== 'bgr') {
      this.wrong('input.channels must be rgb or bgr');
    }
    for (const mean of this.list('input.mean', input.mean, 3)) {
      this.number('each of input.mean', mean, 'a number', () => true);
    }
    for (const std of this.list('input.std', input.std, 3)) {
      this.number('each of input.std', std, 'a number above 0', (n) => n > 0);
    }
  }

  /**
   * The list of files and what runs them: a graph model in `model.json` and `weights.bin`, or one `.onnx` file.
   * @returns their names
   */
  files(manifest: Record<string, unknown>): string[] {
    const paths = this.list('files', manifest.files).map((entry) => {
      const { path, sha256, bytes } = this.record('a file', entry);
      this.text('path of a file', path);
      if (!/^[\w-]+(\.[\w-]+)*$/.test(path as string))
        this.wrong(`the file name ${path} is not a plain name`);
      if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
        this.wrong(`${path} has no SHA-256`);
      this.whole(`the size of ${path}`, bytes, 1, FILE_MAX_BYTES);
      return path as string;
    });
    const needed = Object.entries({
      tfjs: [/^model\.json$/, /^weights\.bin$/],
      onnx: [/\.onnx$/],
    }).find(([runtime]) => runtime === manifest.runtime)?.[1];
    if (!needed) return this.wrong('runtime must be tfjs or onnx');
    for (const name of needed) {
      if (!paths.some((path) => name.test(path))) this.wrong(`files must hold ${name.source}`);
    }
    return paths;
  }
}
