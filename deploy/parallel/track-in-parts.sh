#!/bin/sh
# Tracks the people of one video on all cores of one machine, or on several machines, by GNU parallel.
#
#   deploy/parallel/track-in-parts.sh VIDEO PARTS OUT [N]
#
# Finds people in N parts of the video (default 8), PARTS/1 to PARTS/N, then joins them: OUT is what `footpath track`
# gives, to the byte. A part that fails, or whose worker is killed, is tried again, three times in all. Called again after
# an interruption, it goes on: parts that are there are not done anew. A part that is missing in the end is named, and
# nothing is written.
#
#   JOBS=4             parts at the same time on a machine (default: one for each four cores)
#   HOSTS=FILE         machines, a line each, as parallel's --sshloginfile has them; the video, PARTS and Footpath must lie
#                      at the same place on all of them
#   DETECT='…'         options of footpath detect, the same for all parts (default: --backend int8 --workers 4)
#   TRACK='…'          options of footpath track --from-detections
#   FOOTPATH=PROGRAM   (default: footpath)
set -eu

if [ $# -lt 3 ] || [ $# -gt 4 ]; then
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
fi
VIDEO=$1 PARTS=$2 OUT=$3 N=${4:-8}
FOOTPATH=${FOOTPATH:-footpath}
DETECT=${DETECT:---backend int8 --workers 4}
JOBS=${JOBS:-$((($(nproc) + 3) / 4))}
mkdir -p "$PARTS"

# One part: done already, or done now. Words with blanks are quoted by parallel (-q).
seq "$N" | parallel -q --jobs "$JOBS" --retries 3 --halt soon,fail=1 \
  ${HOSTS:+--sshloginfile "$HOSTS" --workdir .} \
  sh -c 'test -e "$3/$5/part.json" || exec $1 detect "$2" $4 --part "$5/$6" --out "$3/$5"' \
  part "$FOOTPATH" "$VIDEO" "$PARTS" "$DETECT" {} "$N"

exec $FOOTPATH track --from-detections "$PARTS" ${TRACK:-} --out "$OUT"
