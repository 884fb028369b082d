import { useCallback, useEffect, useState } from 'preact/hooks'
import { Router, useLocation, useSearchParams } from 'wouter-preact'
import type { Board } from '../../api/board.ts'
import { useBoard } from '../../api/use-board.ts'
import { useAskedBoard } from '../../pages/board/asked.ts'
import { Card } from '../../pages/board/card.tsx'
import '../../pages/board/board.css'
import { Loading, Problem } from '../../parts/answered.tsx'
import { Freshness } from '../../parts/freshness.tsx'
import { spoken } from '../../settings/language.ts'
import { Pages } from '../pages.tsx'
import { useKeptFresh, useScreenOn } from './kept-fresh.ts'
import { type Grid, gridFor, pagesAsked, type Slide, slidesOf, stayMs } from './slides.ts'
import './wall.css'
import { useRotation } from './use-rotation.ts'
import { WORDS } from './words.ts'

/** By so many pixels the whole screen is moved, from one slide to the next. */
const DRIFT = [
  [0, 0],
  [6, 2],
  [4, 6],
  [-2, 4],
  [-6, 0],
  [-3, -4],
] as const

/** For a screen on a wall: the board in large type, one part after the other, for weeks on end. */
export default function Wall() {
  const words = spoken(WORDS)
  const [, go] = useLocation()
  const [parameters] = useSearchParams()
  const [asked] = useAskedBoard()
  const { value: board, refused, connection, again } = useBoard(asked)
  const grid = useGrid()
  const slides = slidesOf(board, grid, pagesAsked(parameters.get('pages')))
  const leave = useCallback(() => go(withoutWall()), [go])
  const { at, paused, turns, step, pause } = useRotation(slides.length, stayMs(parameters.get('every')), leave)
  useKeptFresh()
  useScreenOn()
  useEffect(() => {
    document.documentElement.classList.add('wall')
    return () => document.documentElement.classList.remove('wall')
  }, [])
  const slide = slides[at]
  const [x, y] = DRIFT[turns % DRIFT.length] ?? DRIFT[0]
  return (
    <div
      class="slides"
      style={{ transform: `translate(${x}px, ${y}px)` }}
      aria-busy={board === null && refused === null}
    >
      <div class={refused === null ? 'slide' : 'slide stale'} key={`${turns}`}>
        {slide !== undefined ? (
          <Shown slide={slide} board={board} grid={grid} />
        ) : refused !== null ? (
          <Problem refused={refused} onAgain={again} />
        ) : board === null ? (
          <Loading />
        ) : (
          <div class="empty">
            <h1>{words.emptyTitle}</h1>
            <p>{words.emptyText}</p>
          </div>
        )}
      </div>
      <div class="foot">
        <Freshness watermark={board?.watermark ?? null} lost={refused !== null} connection={connection} />
        {paused && (
          <p class="paused" role="status">
            {words.paused}
          </p>
        )}
        {slides.length > 1 && (
          <p class="place" aria-hidden="true">
            {slides.map((one, index) => (
              <span key={`${one.kind}${index}`} class={index === at ? 'here' : undefined} />
            ))}
          </p>
        )}
        <div class="operate">
          <button type="button" onClick={() => step(-1)}>
            {words.previous}
          </button>
          <button type="button" aria-pressed={paused} onClick={pause}>
            {paused ? words.goOn : words.pause}
          </button>
          <button type="button" onClick={() => step(1)}>
            {words.next}
          </button>
          <button type="button" onClick={leave}>
            {words.leave}
          </button>
        </div>
      </div>
    </div>
  )
}

function Shown({ slide, board, grid }: { slide: Slide; board: Board | null; grid: Grid }) {
  const words = spoken(WORDS)
  if (slide.kind === 'page')
    return (
      <Router hook={() => [slide.path, stay]} searchHook={() => ''}>
        <div class="page">
          <Pages address={slide.path} />
        </div>
      </Router>
    )
  if (board === null) return null
  const { columns, rows } = gridOf(slide, grid)
  return (
    <>
      <h1>
        {words[slide.kind]}
        {slide.part !== null && slide.part[1] > 1 && <small>{words.part(...slide.part)}</small>}
      </h1>
      <div
        class={`cards ${slide.kind}`}
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${rows}, 1fr)` }}
      >
        {slide.items.map(item => (
          <Card key={item.id} item={item} board={board} leads={board.north_star.includes(item.id)} />
        ))}
      </div>
    </>
  )
}

const stay = () => undefined

/** The same address for a desk. */
function withoutWall(): string {
  const parameters = new URLSearchParams(location.search)
  for (const name of ['tv', 'every', 'pages']) parameters.delete(name)
  return parameters.size === 0 ? location.pathname : `${location.pathname}?${parameters}`
}

/** Few cards are larger ones. */
function gridOf(slide: Slide & { readonly items: readonly unknown[] }, { columns, rows }: Grid): Grid {
  const count = slide.items.length
  if (slide.kind === 'north_star') return { columns: 1, rows: count }
  const across = Math.min(columns, Math.ceil(count / Math.min(rows, count)))
  return { columns: across, rows: Math.ceil(count / across) }
}

function useGrid(): Grid {
  const [grid, setGrid] = useState(() => gridFor(window.innerWidth, window.innerHeight))
  useEffect(() => {
    const resized = () => setGrid(gridFor(window.innerWidth, window.innerHeight))
    window.addEventListener('resize', resized)
    return () => window.removeEventListener('resize', resized)
  }, [])
  return grid
}
