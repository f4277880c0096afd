/** What a check found about one promise. */
export interface Finding {
  promise: string
  examined: number
  anomalies: Anomaly[]
}

export interface Anomaly {
  /** The name of the check, such as `lost-write`. */
  check: string
  detail: string
  t?: number
}

/** Collects the findings of one promise. */
export class Verdict implements Finding {
  readonly promise: string
  examined = 0
  readonly anomalies: Anomaly[] = []

  constructor(promise: string) {
    this.promise = promise
  }

  /** Counts one examined item; `detail` is given if it breaks the promise. */
  examine(check: string, detail: string | null | false, t?: number): void {
    this.examined += 1
    if (detail) this.anomalies.push({ check, detail, ...(t === undefined ? {} : { t }) })
  }
}
