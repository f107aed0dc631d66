"""Writes with redis-py as its README has it; the same arguments and lines as writer-loop.ts."""

import os
import sys
import time

import redis
from redis.cluster import RedisCluster

REPLICATED_WITHIN_MS = 1000
PAUSE_S = 0.005

mode, host, prefix, lines, stop = sys.argv[1:]


def to_primary():
    client = redis.Redis(host=host)

    def write(key, value):
        client.set(key, value)
        return client.wait(1, REPLICATED_WITHIN_MS)

    return write


def to_cluster():
    client = RedisCluster(host=host)

    def write(key, value):
        client.set(key, value)
        node = client.get_node_from_key(key)
        return client.execute_command("WAIT", 1, REPLICATED_WITHIN_MS, target_nodes=node)

    return write


write = to_primary() if mode == "primary" else to_cluster()
with open(lines, "a", buffering=1) as out:
    count = 0
    while not os.path.exists(stop):
        count += 1
        try:
            replicas = write(f"{prefix}:{count}", str(count))
            out.write(f"{'ack' if int(replicas) > 0 else 'alone'} {count}\n")
        # redis-py 4 falls over (AttributeError) when it is asked to ask a node that it has not met yet; and a look at
        # the slots that fails is, other than its remaining errors, no RedisError.
        except (redis.RedisError, redis.exceptions.RedisClusterException, AttributeError) as error:
            out.write(f"error {type(error).__name__} {str(error).splitlines()[:1]}\n")
        time.sleep(PAUSE_S)
