import { DatabaseEnv, Optional, RedisEnv, Text, envOf, loadEnv } from '@countersign/service-kit';

class TestRunEnv {
  /** Set by the jest global setup; names everything that one run makes. */
  @Optional() @Text() TEST_RUN = 'manual';
}

class TestServersEnv extends envOf(DatabaseEnv, RedisEnv, TestRunEnv) {}

/** The servers that the jest global setup started or was given. Small tests have none: then this throws. */
export function testServers(): TestServersEnv {
  return loadEnv(TestServersEnv);
}
