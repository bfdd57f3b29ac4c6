import type { Analysis } from './analyze.ts';
import { byBegin } from './shape-counts.ts';
import { ZoneArea } from './zone-area.ts';

/** What is asked of stored paths. */
export interface HitQuestion {
  /** `stood`: stood still; `stayed`: visited a zone; `crossed`: went over a line. */
  readonly what: 'stood' | 'stayed' | 'crossed';
  /** A zone to have stood or stayed in, or a line to have crossed; absent: any, and for `stood` anywhere. */
  readonly shapeId?: string;
  /** Shortest time in milliseconds of a stand or a stay. Default 0. */
  readonly leastMs?: number;
  /** Which way a line was crossed; absent: either. */
  readonly direction?: 'in' | 'out';
}

/** Somebody of whom the answer is yes, and when. */
export interface Hit {
  /** Index of the person. */
  readonly index: number;
  /** Milliseconds from the video's start; of a crossing both are its moment. */
  readonly beginMs: number;
  readonly endMs: number;
  /** The line or the zone; absent for a stand that was asked for anywhere. */
  readonly shapeId?: string;
  /** Of a crossing. */
  readonly direction?: 'in' | 'out';
}

/**
 * Answers a question of a counted video: who stood here, stayed there, went over this line; in order of time. Stands
 * shorter than the analysis' own `standMs` are not among its answers.
 */
export function hitsOf(analysis: Analysis, question: HitQuestion): Hit[] {
  const { what, shapeId, leastMs = 0, direction } = question;
  const isMeant = ({ id }: { readonly id: string }) => shapeId === undefined || id === shapeId;
  const isLong = (it: { beginMs: number; endMs: number }) => it.endMs - it.beginMs >= leastMs;
  return find().sort(byBegin);

  function find(): Hit[] {
    switch (what) {
      case 'stood':
        return analysis.stands.filter(isLong).flatMap(({ index, beginMs, endMs, at }) => {
          if (shapeId === undefined) return [{ index, beginMs, endMs }];
          const zone = analysis.scene.zones.find(isMeant);
          if (!zone || !new ZoneArea(zone, 1).holds(...at)) return [];
          return [{ index, beginMs, endMs, shapeId }];
        });
      case 'stayed':
        return analysis.zones
          .filter(({ zone }) => isMeant(zone))
          .flatMap(({ visits }) => visits.filter(isLong))
          .map(({ index, beginMs, endMs, zoneId }) => ({
            index,
            beginMs,
            endMs,
            shapeId: zoneId,
          }));
      case 'crossed':
        return analysis.lines
          .filter(({ line }) => isMeant(line))
          .flatMap(({ crossings }) => crossings)
          .filter((it) => direction === undefined || it.direction === direction)
          .map((it) => ({
            index: it.index,
            beginMs: it.timestampMs,
            endMs: it.timestampMs,
            shapeId: it.lineId,
            direction: it.direction,
          }));
    }
  }
}
