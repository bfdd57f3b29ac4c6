import { Failure } from '../../../src/contract/failure.ts';
import { hexadecimal } from '../../../src/contract/hexadecimal.ts';
import {
  type EmbeddingManifest,
  parseEmbeddingManifest,
} from '../../../src/detect/embedding-manifest.ts';
import { type ModelFile, type ModelManifest, parseManifest } from '../../../src/detect/manifest.ts';
import { type OnnxFamily, onnxManifest } from '../../../src/detect/onnx-family.ts';
import { connectionLost, fetchPatiently } from '../../../src/media/patient-fetch.ts';
import { COPY_ASSETS } from '../../../src/protocol/engine-file.ts';
import type { LoadedEmbedding, LoadedModel } from './protocol.ts';

/** A network in real numbers, or in 8-bit integers. */
export type ModelForm = 'real' | 'int8';

/** Told the bytes read so far and all of them. */
export type OnBytes = (bytes: number, totalBytes: number) => void;

/**
 * Reads a model's manifest.
 * @param manifestUrl absolute, or relative to this thread's location; must be of this origin
 * @throws Failure `model-missing` or `model-damaged`, naming the URL and what to do
 */
export async function loadManifest(manifestUrl: string): Promise<ModelManifest> {
  const { href } = sameOrigin(manifestUrl);
  return parseManifest(parseJson(await fetchBytes(href), href), href);
}

/**
 * Reads a network that knows people again.
 * @param manifestUrl as for {@link loadManifest}
 * @throws Failure `model-missing` or `model-damaged`, naming the URL and what to do
 */
export async function loadEmbedding(manifestUrl: string): Promise<LoadedEmbedding> {
  const url = sameOrigin(manifestUrl);
  const manifest = parseEmbeddingManifest(
    parseJson(await fetchBytes(url.href), url.href),
    url.href,
  );
  return { manifest, files: await loadFiles(manifest.files, url) };
}

/** Whether a server answered with a page, as those of single-page apps do whatever is asked for. */
function isPage(bytes: ArrayBuffer): boolean {
  return /^\s*</.test(new TextDecoder().decode(bytes.slice(0, 64)));
}

function parseJson(bytes: ArrayBuffer, url: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const [kind, what] = isPage(bytes)
      ? (['model-missing', 'a web page (HTML)'] as const)
      : (['model-damaged', 'something that is no JSON'] as const);
    const text = `Expected the model's manifest at ${url}, got ${what}. ${COPY_ASSETS}`;
    throw new Failure(kind, text, error);
  }
}

/**
 * Reads those of a model's files that a form of it needs, and checks every one against the manifest's SHA-256.
 * @param manifestUrl as for {@link loadManifest}
 * @param known its manifest, where it is being read already
 * @throws Failure `model-missing` or `model-damaged`, naming the URL and what to do
 */
export async function loadModel(
  manifestUrl: string,
  form: ModelForm,
  onProgress?: OnBytes,
  known?: Promise<ModelManifest>,
): Promise<LoadedModel> {
  const url = sameOrigin(manifestUrl);
  const manifest = await (known ?? loadManifest(manifestUrl));
  const { graph, weights } = manifest.int8 ?? {};
  const files = manifest.files.filter(
    ({ path }) => (path === graph || path === weights) === (form === 'int8'),
  );
  return { manifest, files: await loadFiles(files, url, onProgress) };
}

/** Reads files and checks each against its SHA-256. @param base address of their manifest */
async function loadFiles(
  files: readonly ModelFile[],
  base: URL,
  onProgress?: OnBytes,
): Promise<ReadonlyMap<string, ArrayBuffer>> {
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let doneBytes = 0;
  const contents = await Promise.all(
    files.map(async (file) => {
      const { href } = new URL(file.path, base);
      const onPart = (part: number) => {
        doneBytes += part;
        onProgress?.(doneBytes, totalBytes);
      };
      let bytes = await fetchBytes(href, onPart);
      if (!(await isWhole(bytes, file))) {
        // A copy that was kept may have gone bad: once more, past every cache.
        onPart(-bytes.byteLength);
        bytes = await fetchBytes(href, onPart, 'reload');
        if (!(await isWhole(bytes, file))) throw damaged(bytes, file, href);
      }
      return [file.path, bytes] as const;
    }),
  );
  return new Map(contents);
}

/**
 * Takes an ONNX person detector of the user's own.
 * @param source the file, or its URL on this origin
 * @throws Failure `model-missing`
 */
export async function loadOnnxModel(
  source: Blob | string,
  family: OnnxFamily,
): Promise<LoadedModel> {
  const url = typeof source === 'string' ? sameOrigin(source) : undefined;
  const bytes = url ? await fetchBytes(url.href) : await (source as Blob).arrayBuffer();
  const name =
    url?.pathname.split('/').at(-1) || (source instanceof File ? source.name : 'model.onnx');
  const manifest = onnxManifest(family, {
    ...{ name, bytes: bytes.byteLength },
    sha256: await sha256(bytes),
  });
  return { manifest, files: new Map([[name, bytes]]) };
}

/** What ends a job whose own model is not what it was said to be. */
export function unusable(name: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'model-damaged',
    `The people finder ${name} cannot be used: ${why}. Choose an ONNX file of the family that you named.`,
    cause,
  );
}

/** What ends a job whose prepared network is none. */
export function unloadable(id: string, error: unknown): Failure {
  return new Failure('model-damaged', `The model ${id} does not load: ${error}.`, error);
}

function sameOrigin(address: string): URL {
  const url = new URL(address, location.href);
  if (url.origin === globalThis.origin) return url;
  throw new Failure(
    'model-missing',
    `The model's address ${url.href} is of another site. Models are only loaded from ${globalThis.origin}.`,
  );
}

async function fetchBytes(
  url: string,
  onPart?: (bytes: number) => void,
  cache: RequestCache = 'default',
): Promise<ArrayBuffer> {
  try {
    return await fetchPatiently(url, { cache }, async (answer) => {
      if (!answer.ok || !answer.body) {
        throw new Failure(
          'model-missing',
          `The model's file ${url} is missing (HTTP ${answer.status}). ${COPY_ASSETS}`,
        );
      }
      return await readBody(answer.body, onPart);
    });
  } catch (error) {
    throw connectionLost('model-missing', `The model's file ${url}`, error);
  }
}

async function readBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onPart?: (bytes: number) => void,
): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      bytes += part.value.byteLength;
      onPart?.(part.value.byteLength);
    }
  } catch (error) {
    // Read again from its start, if it is.
    onPart?.(-bytes);
    throw error;
  }
  return new Blob(parts).arrayBuffer();
}

/** See `DetectorReport.fingerprint`. */
export async function fingerprintOf(
  ...manifests: readonly (ModelManifest | EmbeddingManifest | undefined)[]
): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(manifests)).buffer);
}

async function isWhole(bytes: ArrayBuffer, file: ModelFile): Promise<boolean> {
  return (await sha256(bytes)) === file.sha256;
}

/** The SHA-256 of bytes, in hexadecimal as manifests have it. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return hexadecimal(digest);
}

function damaged(bytes: ArrayBuffer, file: ModelFile, url: string): Failure {
  if (isPage(bytes)) {
    return new Failure(
      'model-missing',
      `Expected the model's file at ${url}, got a web page (HTML). ${COPY_ASSETS}`,
    );
  }
  return new Failure(
    'model-damaged',
    `The model's file ${url} is damaged: ${bytes.byteLength} bytes with another checksum than the manifest's (${file.bytes} bytes expected). ${COPY_ASSETS}`,
  );
}
