// The server with the probe.
import '../probe.ts'
import '../../src/main.ts'
