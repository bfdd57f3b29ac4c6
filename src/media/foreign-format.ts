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

/** Files by what they begin with. */
const SIGNATURES = [
  ['a recording of a Hikvision recorder (an MPEG program stream)', 'IMKH'],
  ['a recording of a Dahua recorder (DAV)', 'DHAV'],
  ['an MXF file', '\x06\x0e\x2b\x34'],
  ['a RealMedia file', '.RMF'],
  ['a RAR archive', 'Rar!'],
  ['a 7-Zip archive', '7z\xbc\xaf'],
  ['a gzip archive', '\x1f\x8b'],
  ['a link of Windows, not the file that it leads to', 'L\0\0\0\x01\x14\x02\0'],
] as const;
/** Encodings by their marks. */
const UTF_16 = [
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
] as const;
/** What stands in no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

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
  // A box of MP4 may have a size that looks like it.
  const isUnits = start.startsWith('\x00\x00\x00\x01') || start.startsWith('\x00\x00\x01');
  if (isUnits && !/[a-z]{4}$/.test(start)) {
    return 'a raw video stream without a container';
  }
  const known = SIGNATURES.find(([, signature]) => start.startsWith(signature));
  if (known) return known[0];
  if (head.length === 0) return undefined;
  if (head.every((byte) => byte === 0))
    return 'a file that begins with zeros alone, as where a copy or a recording failed';
  return isText(head) ? 'a text file' : undefined;
}

/** Whether bytes are text as programs write it today: in UTF-8, or in UTF-16 with its mark. */
function isText(head: Uint8Array): boolean {
  const marked = UTF_16.find(([, ...mark]) => mark.every((byte, i) => head[i] === byte));
  const decoder = new TextDecoder(marked?.[0] ?? 'utf-8', { fatal: true });
  try {
    // A letter that the end cuts is no fault.
    const text = decoder.decode(head, { stream: true });
    return ![...text].some((letter) => CONTROL.test(letter));
  } catch {
    return false;
  }
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
