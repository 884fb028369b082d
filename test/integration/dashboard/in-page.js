/** What tests look for in a page, run in the page itself: plain JavaScript, since the browser gets this very text. */
window.looking = {
  /** everything that can be seen wrong in how text lies: over each other, cut off, out of the page */
  layout() {
    const faults = []
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (wide > 0) faults.push(`the page is ${wide} px wider than the window`)
    const boxes = textBoxes()
    boxes.sort((a, b) => a.top - b.top)
    for (let i = 0; i < boxes.length; i++)
      for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
        const [a, b] = [boxes[i], boxes[j]]
        if (a.node === b.node) continue
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        // the line boxes of large type reach into each other without its letters touching
        const allowed = Math.min(a.bottom - a.top, b.bottom - b.top) * 0.3
        if (across > 2 && down > Math.max(2, allowed)) faults.push(`“${a.text}” lies over “${b.text}”`)
      }
    for (const element of document.body.querySelectorAll('*')) {
      if (!isSeen(element) || element.closest('[aria-hidden=true], .visually-hidden, svg') !== null) continue
      const style = getComputedStyle(element)
      const cut = style.overflowX === 'hidden' || style.overflowX === 'clip'
      if (cut && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1)
        faults.push(`“${brief(element.textContent)}” is cut off`)
    }
    for (const { left, right, text } of boxes)
      if (left < -1 || right > document.documentElement.clientWidth + 1) faults.push(`“${text}” is out of the page`)
    return [...new Set(faults)]
  },

  /** rectangles of what must not be empty: charts, cards and tables that are in the window */
  regions() {
    const found = [...document.querySelectorAll('main, main svg, main canvas, main article, main table')]
    return found
      .filter(isSeen)
      .map(element => ({ name: nameOf(element), ...rectangle(element) }))
      .filter(({ x, y, width, height }) => width >= 24 && height >= 16 && x >= 0 && y >= 0)
      .filter(
        ({ x, y, width, height }) => x + width <= innerWidth && (y + height <= innerHeight || y < innerHeight / 2),
      )
      .map(region => ({ ...region, height: Math.min(region.height, innerHeight - region.y) }))
  },

  /** of a screenshot, which of these regions are of one colour */
  async emptyOf(base64, regions) {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const scale = image.width / innerWidth
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d', { willReadFrequently: true })
    context.drawImage(image, 0, 0)
    return regions.filter(({ x, y, width, height }) => {
      const box = [x + 2, y + 2, Math.max(1, width - 4), Math.max(1, height - 4)]
      const { data } = context.getImageData(...box.map(length => Math.round(length * scale)))
      let [low, high] = [255, 0]
      for (let i = 0; i < data.length; i += 4) {
        const light = (data[i] * 3 + data[i + 1] * 6 + data[i + 2]) / 10
        low = Math.min(low, light)
        high = Math.max(high, light)
      }
      return high - low < 12
    })
  },

  /** marks all that can be operated now; the list of what they are */
  operable() {
    const all = 'a[href], button, select, input, textarea, summary, [tabindex]:not([tabindex="-1"])'
    const found = [...document.querySelectorAll(all)].filter(
      element => isSeen(element) && !element.disabled && element.closest('[inert]') === null && element.tabIndex >= 0,
    )
    for (const [index, element] of found.entries()) element.setAttribute('data-operable', String(index))
    return found.map(nameOf)
  },

  /** which of them the keyboard is at, and whether that can be seen */
  focused() {
    const element = document.activeElement
    if (element === null || element === document.body) return null
    const style = getComputedStyle(element)
    return {
      index: Number(element.getAttribute('data-operable') ?? -1),
      // of radio buttons with one name, Tab reaches the chosen one, and arrows the others
      also: element.matches('input[type=radio]')
        ? [...document.querySelectorAll(`input[type=radio][name="${element.name}"]`)].map(one =>
            Number(one.getAttribute('data-operable') ?? -1),
          )
        : [],
      name: nameOf(element),
      shown: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0,
    }
  },
}

function textBoxes() {
  const boxes = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement
    if (parent === null || node.textContent.trim() === '' || !isSeen(parent)) continue
    if (parent.closest('.visually-hidden, option, script, style, noscript, .skip, [data-over]') !== null) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const rect of range.getClientRects()) {
      const clipped = clip(rect, parent)
      if (clipped !== null) boxes.push({ ...clipped, node, text: brief(node.textContent) })
    }
  }
  return boxes
}

/** What is left of a rectangle inside of everything that scrolls or hides it. */
function clip({ left, right, top, bottom }, element) {
  for (let outer = element; outer !== null && outer !== document.body; outer = outer.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(outer)
    if (overflowX === 'visible' && overflowY === 'visible') continue
    const box = outer.getBoundingClientRect()
    left = Math.max(left, box.left)
    right = Math.min(right, box.right)
    top = Math.max(top, box.top)
    bottom = Math.min(bottom, box.bottom)
  }
  return right - left < 1 || bottom - top < 1 ? null : { left, right, top, bottom }
}

function isSeen(element) {
  return element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })
}

function rectangle(element) {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y, width, height }
}

function brief(text) {
  const plain = text.trim().replace(/\s+/g, ' ')
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain
}

function nameOf(element) {
  const id = element.id === '' ? '' : `#${element.id}`
  const label = element.getAttribute('aria-label') ?? brief(element.textContent ?? '')
  return `${element.tagName.toLowerCase()}${id} “${brief(label)}”`
}
