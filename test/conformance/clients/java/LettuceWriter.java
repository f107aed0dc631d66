import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;

/**
 * Writes with Lettuce as its guide has it; see Lines. In cluster mode it learns of other nodes only with these refresh
 * options (docs.aws.amazon.com/AmazonElastiCache/latest/dg/BestPractices.Clients-lettuce.html).
 */
final class LettuceWriter {
  public static void main(String[] arguments) throws Exception {
    RedisURI uri = RedisURI.create(arguments[1], 6379);
    if (arguments[0].equals("primary")) {
      RedisClient client = RedisClient.create(uri);
      RedisCommands<String, String> redis = client.connect().sync();
      Lines.write(
          arguments,
          (key, value) -> {
            redis.set(key, value);
            return redis.waitForReplication(1, Lines.REPLICATED_WITHIN_MS);
          });
      client.shutdown();
    } else {
      RedisClusterClient client = RedisClusterClient.create(uri);
      client.setOptions(
          ClusterClientOptions.builder()
              .topologyRefreshOptions(
                  ClusterTopologyRefreshOptions.builder()
                      .enableAllAdaptiveRefreshTriggers()
                      .enablePeriodicRefresh()
                      .dynamicRefreshSources(true)
                      .build())
              .build());
      StatefulRedisClusterConnection<String, String> cluster = client.connect();
      Lines.write(
          arguments,
          (key, value) -> {
            cluster.sync().set(key, value);
            String owner = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key)).getNodeId();
            return cluster.getConnection(owner).sync().waitForReplication(1, Lines.REPLICATED_WITHIN_MS);
          });
      client.shutdown();
    }
  }
}
