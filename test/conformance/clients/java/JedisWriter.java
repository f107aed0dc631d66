import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.JedisPool;

/** Writes with Jedis as its README has it; see Lines. */
final class JedisWriter {
  public static void main(String[] arguments) throws Exception {
    String host = arguments[1];
    if (arguments[0].equals("primary")) {
      try (JedisPool pool = new JedisPool(host, 6379)) {
        Lines.write(arguments, (key, value) -> toPrimary(pool, key, value));
      }
    } else {
      try (JedisCluster cluster = new JedisCluster(new HostAndPort(host, 6379))) {
        Lines.write(
            arguments,
            (key, value) -> {
              cluster.set(key, value);
              return cluster.waitReplicas(key, 1, Lines.REPLICATED_WITHIN_MS);
            });
      }
    }
  }

  private static long toPrimary(JedisPool pool, String key, String value) {
    try (Jedis jedis = pool.getResource()) {
      jedis.set(key, value);
      return jedis.waitReplicas(1, Lines.REPLICATED_WITHIN_MS);
    }
  }
}
