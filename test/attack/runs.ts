/** How many times a fuzzer tries: `npm run attack` sets ATTACK_RUNS to a multiple. */
export const runs = (count: number): number => count * Number(process.env.ATTACK_RUNS ?? 1)
