/** Files that may take more than 30 s on an idle machine with two cores, and why. */
export const slowFiles: Record<string, string> = {}
