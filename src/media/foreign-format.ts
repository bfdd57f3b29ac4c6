/**
 * What a file is that cannot be read here, by its first bytes, so that its owner is told what to convert.
 * Signatures: each format's specification; offset 0 unless said otherwise.
 */

const latin1 = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

/** @param head the first bytes of the file, 16 suffice @returns its name, or undefined for an unknown one */
export function foreignFormat(head: Uint8Array): string | undefined {
  const start = latin1(head, 0, 8);
  if (start.startsWith('RIFF'))
    return latin1(head, 8, 12) === 'AVI ' ? 'an AVI video' : 'a RIFF file';
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
