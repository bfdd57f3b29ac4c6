import { EncodedPacketSink, type Input, type InputVideoTrack, MPEG_TS } from 'mediabunny';
import { pictureSize, sequenceParameters } from './avc-parameters.ts';
import { orUndefined } from './or-undefined.ts';

/**
 * Lines of a coded frame. Of interlaced H.264 in a transport stream, as cameras and broadcasts write it, its reader counts those of
 * one field (mediabunny 1.61), less those that are cut off of the frame.
 */
export async function codedLines(input: Input, track: InputVideoTrack): Promise<number> {
  const lines = await track.getCodedHeight();
  if ((await input.getFormat()) !== MPEG_TS || (await track.getCodec()) !== 'avc') return lines;
  const packet = await orUndefined(new EncodedPacketSink(track).getFirstKeyPacket());
  const parameters = packet && sequenceParameters({ keyFrame: packet.data });
  return lines + ((parameters && pictureSize(parameters)?.fieldLines) ?? 0);
}
