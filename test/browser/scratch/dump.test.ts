import { inject, test } from 'vitest';
import { commands } from 'vitest/browser';
import { openVideo } from '../../../src/media/open-video.ts';
import { createDetectorPool } from '../../../workers/detector/detector-pool.ts';
const shared = inject('shared');
for (const [name, model] of [['TUD-Campus','nanodet-person'],['PETS09-S2L1','nanodet-person'],['PETS09-S2L1','coco-ssd-person']]) {
  test(`${name} ${model}`, { timeout: 900_000 }, async () => {
    const body = await (await fetch(`/@fs${shared}/data/videos/${name}.mp4`)).blob();
    const source = await openVideo(body, { sampleRate: 'all' });
    const pool = await createDetectorPool({ manifestUrl: new URL(`/models/${model}/manifest.json`, location.href).href, backend: 'wasm', video: source.info, quality: 'balanced' });
    const rows: string[] = [];
    const pending: Promise<void>[] = [];
    for await (const s of source.samples(0, new AbortController().signal)) {
      const p = pool.detect(s.image).then((d) => {
        for (let i = 0; i < d.count; i++) {
          const [l, t, r, b] = d.boxes.subarray(4 * i, 4 * i + 4);
          rows.push([s.frame + 1, -1, l!.toFixed(2), t!.toFixed(2), (r! - l!).toFixed(2), (b! - t!).toFixed(2), d.scores[i]!.toFixed(4), -1, -1, -1].join(','));
        }
      });
      pending.push(p);
      if (pending.length > 3) await pending.shift();
    }
    await Promise.all(pending);
    rows.sort((a, b) => parseInt(a) - parseInt(b));
    await commands.writeFile(`/tmp/dets/${name}-${model}.txt`, rows.join('\n') + '\n');
    await pool.close(); await source.close();
  });
}
