import { EncodedPacket, EncodedPacketSink, InputVideoTrack } from 'mediabunny';
import { afterEach, expect, test, vi } from 'vitest';
import { PacketSource, type TrackPacket } from '../../src/media/packet-source.ts';

const { getFirstPacket, getNextPacket } = EncodedPacketSink.prototype;
afterEach(() => void Object.assign(EncodedPacketSink.prototype, { getFirstPacket, getNextPacket }));

test('a read that fails just as others get their turn is an early end, as any other', async () => {
  const packet = new EncodedPacket(Uint8Array.of(1), 'delta', 0, 1);
  const damage = new Error('damaged');
  let asked = 1;
  // No mocks, which would hear of what nobody else does.
  Object.assign(EncodedPacketSink.prototype, {
    getFirstPacket: async () => packet,
    getNextPacket: async () => {
      if (++asked < 500) return packet.clone();
      throw damage;
    },
  });
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  const source = new PacketSource([Object.create(InputVideoTrack.prototype)]);
  const read: TrackPacket[] = [];
  for await (const it of source.metadata(new AbortController().signal)) read.push(it);
  process.off('unhandledRejection', unheard);
  expect(read).toHaveLength(499);
  expect(source.readError).toBe(damage);
  expect(unheard).not.toHaveBeenCalled();
});
