import java.io.FileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What every writer does, with the arguments and lines of writer-loop.ts. */
final class Lines {
  /** Writes, and returns how many replicas have it. */
  interface Write {
    long write(String key, String value) throws Exception;
  }

  static final int REPLICATED_WITHIN_MS = 1000;
  private static final int PAUSE_MS = 5;

  private Lines() {}

  static void write(String[] arguments, Write write) throws IOException, InterruptedException {
    String prefix = arguments[2];
    Path stop = Path.of(arguments[4]);
    try (FileWriter out = new FileWriter(arguments[3], true)) {
      for (int count = 1; !Files.exists(stop); count++) {
        try {
          long replicas = write.write(prefix + ":" + count, Integer.toString(count));
          out.write((replicas > 0 ? "ack " : "alone ") + count + "\n");
        } catch (Exception error) {
          out.write("error " + String.valueOf(error).lines().findFirst().orElse("") + "\n");
        }
        out.flush();
        Thread.sleep(PAUSE_MS);
      }
    }
  }
}
