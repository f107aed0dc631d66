// Markdown as elements. It never becomes HTML: the library only reads it, and each kind of token is an element here. HTML
// in it is shown as the text that it is, and an image as a link, because the console loads nothing from elsewhere.

import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { withoutEntities } from './entities.ts';
import { safeLink } from './links.ts';

/** More of it would take the browser too long. */
const LONGEST = 100_000;
const DEEPEST = 20;

export function Markdown({ text }: { text: string }) {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return <div class="markdown">{blocks(Lexer.lex(shown, { gfm: true }), 0)}</div>;
}

function blocks(tokens: readonly Token[] = [], depth: number): ComponentChildren[] {
  if (depth > DEEPEST) return [];
  return tokens.map((token) => block(token as MarkedToken, depth + 1));
}

function block(token: MarkedToken, depth: number): ComponentChildren {
  switch (token.type) {
    case 'heading': {
      // The page and its widgets have the first two levels.
      const Heading = `h${Math.min(token.depth + 2, 6)}` as 'h3';
      return <Heading class={`level-${token.depth}`}>{inline(token.tokens, depth)}</Heading>;
    }
    case 'paragraph':
      return <p>{inline(token.tokens, depth)}</p>;
    case 'code':
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens, depth)}</blockquote>;
    case 'list':
      return list(token, depth);
    case 'table':
      return table(token, depth);
    case 'hr':
      return <hr />;
    case 'space':
    case 'def':
      return null;
    default:
      return inline([token], depth);
  }
}

function list({ ordered, start, items }: Tokens.List, depth: number): ComponentChildren {
  const children = items.map(({ task, checked, tokens }) => (
    <li class={task ? 'task' : undefined}>
      {task && <input type="checkbox" checked={checked} disabled />}
      {blocks(tokens, depth)}
    </li>
  ));
  return ordered ? <ol start={Number(start) || 1}>{children}</ol> : <ul>{children}</ul>;
}

function table({ header, rows, align }: Tokens.Table, depth: number): ComponentChildren {
  const alignment = (column: number) => (align[column] ? `align-${align[column]}` : undefined);
  return (
    <table>
      <thead>
        <tr>
          {header.map(({ tokens }, column) => (
            <th class={alignment(column)}>{inline(tokens, depth)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {row.map(({ tokens }, column) => (
              <td class={alignment(column)}>{inline(tokens, depth)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inline(tokens: readonly Token[] = [], depth: number): ComponentChildren[] {
  if (depth > DEEPEST) return [];
  return tokens.map((token) => inlineOne(token as MarkedToken, depth + 1));
}

function inlineOne(token: MarkedToken, depth: number): ComponentChildren {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens, depth)}</strong>;
    case 'em':
      return <em>{inline(token.tokens, depth)}</em>;
    case 'del':
      return <del>{inline(token.tokens, depth)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'escape':
      return token.text;
    case 'link':
      return link(token.href, token.text, inline(token.tokens, depth));
    case 'image':
      return link(token.href, token.text, [token.text || 'image']);
    case 'checkbox':
      // Its list item has it.
      return null;
    case 'text':
      return token.tokens ? inline(token.tokens, depth) : withoutEntities(token.text);
    default:
      return token.raw;
  }
}

/** AWS: `[button:Label](…)` and `[button:primary:Label](…)` are links that look like buttons. */
const BUTTON = /^button:(primary:)?/;

function link(href: string, text: string, children: ComponentChildren[]): ComponentChildren {
  const address = safeLink(href, location.href);
  if (address === undefined) return children;
  const [prefix, isPrimary] = BUTTON.exec(text) ?? [];
  const kind = prefix === undefined ? undefined : isPrimary ? 'button primary' : 'button';
  return (
    <a class={kind} href={address} target="_blank" rel="noopener noreferrer">
      {prefix === undefined ? children : text.slice(prefix.length)}
    </a>
  );
}
