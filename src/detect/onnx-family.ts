import type { ModelManifest } from './manifest.ts';

/** Families of person detectors that are understood as ONNX files. */
export const ONNX_FAMILIES = ['yolox', 'rtmdet'] as const;

/** One of {@link ONNX_FAMILIES}. */
export type OnnxFamily = (typeof ONNX_FAMILIES)[number];

/**
 * How the detectors of a family are fed and read: what a manifest says, for a file that comes without one.
 *
 * - `yolox`: YOLOX exported without decoding; person is the first class.
 * - `rtmdet`: RTMDet exported with its own suppression: `dets` [1, n, 5] and `labels` [1, n]; person is label 0.
 *
 * @param family which one it is
 * @param file its name for messages and the report, and what is in it
 */
export function onnxManifest(
  family: OnnxFamily,
  file: { name: string; bytes: number; sha256: string },
): ModelManifest {
  const areas = { fast: [288 * 224], balanced: [384 * 288], accurate: [512 * 384] };
  const common = { channels: 'bgr', fit: 'letterbox', margin: 114, multiple: 32, areas } as const;
  return {
    format: 1,
    id: file.name,
    name: file.name,
    licence: 'LicenseRef-user-supplied',
    runtime: 'onnx',
    scoreThreshold: 0.5,
    files: [{ path: file.name, bytes: file.bytes, sha256: file.sha256 }],
    ...(family === 'yolox'
      ? {
          input: { ...common, node: 'images', mean: [0, 0, 0], std: [1, 1, 1] },
          output: 'output',
          decode: { kind: 'yolox', strides: [8, 16, 32] },
        }
      : {
          input: {
            ...common,
            node: 'input',
            mean: [103.53, 116.28, 123.675],
            std: [57.375, 57.12, 58.395],
          },
          output: 'dets',
          decode: { kind: 'rows', labels: 'labels' },
        }),
  };
}
