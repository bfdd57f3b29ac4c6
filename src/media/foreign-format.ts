/**
 * What a file is that cannot be read here, by its first bytes, so that its owner is told what to convert.
 * Signatures: each format's specification; offset 0 unless said otherwise.
 */

const latin1 = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

const RIFF_FORMATS: Readonly<Record<string, string>> = {
  'AVI ': 'an AVI video',
  WEBP: 'a WebP picture',
};

/** Brands of pictures in the boxes of MP4, the more telling first: ISO/IEC 23008-12, AV1 Image File Format. */
const PICTURE_BRANDS = [
  ['an AVIF picture', ['avif', 'avis']],
  ['a HEIC picture', ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx']],
  ['a HEIF picture', ['mif1', 'mif2', 'msf1', 'miaf']],
] as const;

/** @param head the first bytes of the file, 64 suffice @returns its name, or undefined for an unknown one */
export function foreignFormat(head: Uint8Array): string | undefined {
  const start = latin1(head, 0, 8);
  if (start.startsWith('RIFF')) return RIFF_FORMATS[latin1(head, 8, 12)] ?? 'a RIFF file';
  if (start.endsWith('ftyp')) return pictureFormat(head);
  if (start.endsWith('JXL ') || start.startsWith('\xff\x0a')) return 'a JPEG XL picture';
  if (start.endsWith('jP  ')) return 'a JPEG 2000 picture';
  if (start.startsWith('II*\0') || start.startsWith('MM\0*')) return 'a TIFF or raw picture';
  if (start.startsWith('BM') && head[6] === 0) return 'a BMP picture';
  if (start.startsWith('FLV')) return 'a Flash video (FLV)';
  if (start.startsWith('GIF8')) return 'a GIF picture';
  if (start.startsWith('\x89PNG')) return 'a PNG picture';
  if (start.startsWith('\xff\xd8\xff')) return 'a JPEG picture';
  if (start.startsWith('%PDF')) return 'a PDF document';
  if (start.startsWith('PK\x03\x04')) return 'a ZIP archive or an office document';
  if (start.startsWith('OggS')) return 'an Ogg file';
  if (start.startsWith('DKIF')) return 'a raw video stream (IVF)';
  if (start.startsWith('\x30\x26\xb2\x75\x8e\x66\xcf\x11')) return 'a Windows Media file (WMV)';
  if (start.startsWith('\x00\x00\x01\xba')) return 'an MPEG program stream (MPG, VOB)';
  if (start.startsWith('\x00\x00\x00\x01') || start.startsWith('\x00\x00\x01')) {
    return 'a raw video stream without a container';
  }
  if (
    head.length > 0 &&
    head.every((byte) => (byte >= 32 && byte < 127) || (byte >= 9 && byte < 14))
  ) {
    return 'a text file';
  }
  return undefined;
}

/** A picture by the brands of its first box (`ftyp`: ISO/IEC 14496-12, section 4.3). */
function pictureFormat(head: Uint8Array): string | undefined {
  const size = new DataView(head.buffer, head.byteOffset).getUint32(0);
  const brands = new Set<string>();
  for (let at = 8; at + 4 <= Math.min(size, head.length); at += 4) {
    brands.add(latin1(head, at, at + 4));
  }
  return PICTURE_BRANDS.find(([, known]) => known.some((brand) => brands.has(brand)))?.[0];
}
