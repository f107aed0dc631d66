#!/bin/sh
# Writes with redis-cli, a new process and a new look-up for every key; the same arguments and lines as writer-loop.ts.

mode=$1 host=$2 prefix=$3 lines=$4 stop=$5
follow=
[ "$mode" = configuration ] && follow=-c

count=0
while [ ! -e "$stop" ]; do
  count=$((count + 1))
  # WAIT goes over the connection that SET went over, also after a redirection. Words of -c itself begin with "->".
  answer=$(printf 'set %s:%s %s\nwait 1 1000\n' "$prefix" "$count" "$count" |
    redis-cli $follow -h "$host" 2>&1 | grep -v '^->' | tr '\n' ' ')
  case $answer in
    "OK 0 "*) echo "alone $count" >>"$lines" ;;
    "OK "[1-9]*) echo "ack $count" >>"$lines" ;;
    *) echo "error $answer" >>"$lines" ;;
  esac
  sleep 0.05
done
