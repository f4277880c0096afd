// The health check of the image: exits with 0 when the server of this container answers at the address it listens on.

const { HOST = '127.0.0.1', PORT = '4000' } = process.env
const everywhere = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
const host = everywhere[HOST] ?? (HOST.includes(':') ? `[${HOST}]` : HOST)

try {
  const response = await fetch(`http://${host}:${PORT}/live`, { signal: AbortSignal.timeout(2_500) })
  process.exitCode = response.ok ? 0 : 1
} catch {
  process.exitCode = 1
}
