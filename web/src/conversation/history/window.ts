import { computed, nextTick, onBeforeUnmount, onMounted, type Ref, ref, shallowRef, watch } from 'vue'

/** Height of a row that was not on screen yet. */
const estimate = 64
/** How far beyond the screen rows are rendered. */
const margin = 800

interface Keyed {
  readonly key: string
}

/**
 * Renders only the rows near the screen, with empty space for the others. The scroller is a reversed column, so that its
 * position counts from the newest row: older rows that are loaded, or turn out higher than estimated, move nothing.
 */
export function useMessageWindow<Row extends Keyed>(
  scroller: Readonly<Ref<HTMLElement | null>>,
  rows: Readonly<Ref<readonly Row[]>>,
) {
  const heights = new Map<string, number>()
  /** Height of all rows. Scrolling does not add up those that are far from the screen. */
  let total = 0
  const range = shallowRef({ from: 0, to: 0, above: 0, below: 0 })
  /** Distance of the lower edge of the screen from the newest row. */
  const distance = ref(0)
  const remaining = ref(0)

  const heightOf = ({ key }: Row) => heights.get(key) ?? estimate

  function addUp(): void {
    total = rows.value.reduce((sum, row) => sum + heightOf(row), 0)
  }

  function place(): void {
    const element = scroller.value
    if (!element) return
    distance.value = Math.max(0, -element.scrollTop)
    remaining.value = element.scrollHeight - element.clientHeight - distance.value
    const all = rows.value
    const upper = distance.value + element.clientHeight + margin
    let [to, below] = [all.length, 0]
    while (to > 0 && below + heightOf(all[to - 1] as Row) < distance.value - margin) {
      to -= 1
      below += heightOf(all[to] as Row)
    }
    let [from, reached] = [to, below]
    while (from > 0 && reached < upper) {
      from -= 1
      reached += heightOf(all[from] as Row)
    }
    const above = total - reached
    const now = range.value
    if (now.from !== from || now.to !== to || now.above !== above || now.below !== below)
      range.value = { from, to, above, below }
  }

  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const { key } = (target as HTMLElement).dataset
      const height = target.getBoundingClientRect().height
      if (!key || height === 0) continue
      total += height - (heights.get(key) ?? estimate)
      heights.set(key, height)
    }
    place()
  })
  const observed = new Set<Element>()

  function observe(): void {
    const present = new Set(scroller.value?.querySelectorAll('[data-key]'))
    for (const element of observed) if (!present.has(element)) sizes.unobserve(element)
    for (const element of present) if (!observed.has(element)) sizes.observe(element)
    observed.clear()
    for (const element of present) observed.add(element)
  }

  const elementOf = (key: string) => scroller.value?.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? null

  /** The lowest row on screen, which must not move when rows below it are added. */
  function anchor(): { key: string; top: number } | null {
    const bottom = scroller.value?.getBoundingClientRect().bottom ?? 0
    const visible = [...observed].findLast((element) => element.getBoundingClientRect().top < bottom)
    const key = (visible as HTMLElement | undefined)?.dataset.key
    return visible && key ? { key, top: visible.getBoundingClientRect().top } : null
  }

  watch(rows, async () => {
    const held = distance.value > 1 ? anchor() : null
    addUp()
    place()
    await nextTick()
    observe()
    const moved = held && elementOf(held.key)
    if (held && moved && scroller.value)
      scroller.value.scrollTop += moved.getBoundingClientRect().top - held.top
    place()
  })
  watch(range, observe, { flush: 'post' })
  onMounted(() => {
    if (scroller.value) sizes.observe(scroller.value)
    addUp()
    place()
  })
  onBeforeUnmount(() => sizes.disconnect())

  return {
    range,
    visible: computed(() => rows.value.slice(range.value.from, range.value.to)),
    distance,
    /** How much history there is above the screen. */
    remaining,
    onScroll: place,
    /** Shows a row in the middle of the screen. */
    async show(key: string): Promise<void> {
      const element = scroller.value
      const index = rows.value.findIndex((row) => row.key === key)
      if (!element || index < 0) return
      const below = rows.value.slice(index).reduce((sum, row) => sum + heightOf(row), 0)
      element.scrollTop = -Math.max(0, below - element.clientHeight / 2)
      place()
      await nextTick()
      elementOf(key)?.scrollIntoView({ block: 'center' })
    },
  }
}
