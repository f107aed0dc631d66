// Runs in a web page: what a page can try with an API that it may not call. Evaluated by tests; no module, so that a page
// can hold it as a script of its own.

// biome-ignore-all lint/correctness/noUnusedVariables: tests and pages call these

/** Tries to have a topic made in one way, and ends when the browser is done with it. */
async function attempt(way, api, name) {
  const query = `Action=CreateTopic&Version=2010-03-31&Name=${name}`;
  const link = `${api}/?${query}`;
  const junk = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00&X-Amz-Date=20260101T000000Z';
  const credential = encodeURIComponent('AKID/20260101/us-east-1/sns/aws4_request');
  const signed = `${link}&${junk}&X-Amz-Credential=${credential}`;
  const load = (tag, attributes) =>
    new Promise((resolve) => {
      const element = Object.assign(document.createElement(tag), attributes);
      for (const event of ['load', 'error', 'loadedmetadata'])
        element.addEventListener(event, () => resolve());
      document.body.append(element);
    });
  const form = (method, enctype, action, fields) =>
    new Promise((resolve) => {
      const frame = Object.assign(document.createElement('iframe'), { name: `frame-${name}` });
      const element = Object.assign(document.createElement('form'), {
        method,
        enctype,
        action,
        target: frame.name,
      });
      for (const [key, value] of Object.entries(fields)) {
        element.append(Object.assign(document.createElement('input'), { name: key, value }));
      }
      document.body.append(frame, element);
      // The first load is that of the empty frame.
      setTimeout(() => {
        frame.addEventListener('load', () => resolve());
        element.submit();
      });
    });
  const fields = { Action: 'CreateTopic', Version: '2010-03-31', Name: name };
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = (init, url = `${api}/`) =>
    fetch(url, init).then(
      () => {},
      () => {},
    );
  const ways = {
    image: () => load('img', { src: link }),
    'signed-image': () => load('img', { src: signed }),
    script: () => load('script', { src: link }),
    style: () => load('link', { rel: 'stylesheet', href: link }),
    media: () => load('video', { src: link, preload: 'auto' }),
    frame: () => load('iframe', { src: link }),
    'form-get': () => form('GET', '', `${api}/`, fields),
    'form-post': () => form('POST', 'application/x-www-form-urlencoded', `${api}/`, fields),
    'form-query': () => form('POST', 'text/plain', link, { a: '1' }),
    'form-multipart': () => form('POST', 'multipart/form-data', link, { a: '1' }),
    'opaque-get': () => send({ mode: 'no-cors' }, link),
    'opaque-post': () => send({ mode: 'no-cors', method: 'POST', headers: FORM, body: query }),
    'cors-get': () => send({}, link),
    'cors-post': () => send({ method: 'POST', headers: FORM, body: query }),
    'cors-signed': () =>
      send({ method: 'POST', headers: FORM, body: query }, `${api}/?${junk}&X-Amz-Credential=${credential}`),
    'no-referrer': () =>
      send({ method: 'POST', mode: 'no-cors', referrerPolicy: 'no-referrer', headers: FORM, body: query }),
  };
  await ways[way]();
}

/** What it can read of the API. */
async function readings(api) {
  const list = 'Action=ListTopics&Version=2010-03-31';
  const body = {
    method: 'POST',
    body: list,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
  const text = async (url, init) => {
    try {
      const response = await fetch(url, init);
      return response.ok ? await response.text() : '';
    } catch {
      return '';
    }
  };
  const texts = [
    await text(`${api}/?${list}`),
    await text(`${api}/`, body),
    await text(`${api}/_millpond/status`),
    await text(`${api}/_millpond/names`),
    await text(`${api}/bucket?list-type=2`),
    await text(`${api}/bucket/private.txt`),
  ];
  return texts.filter((each) => each !== '');
}

/** Registers a service worker, which would see every later request of a page of that origin. */
async function takeOver() {
  try {
    await navigator.serviceWorker.register('worker.js');
    return ['a service worker'];
  } catch {
    return [];
  }
}

/** All that a page of the API's own origin could do. */
async function attemptAll(api) {
  const query = `Action=CreateTopic&Version=2010-03-31&Name=object-${Math.random().toString(36).slice(2)}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await fetch(`${api}/`, { method: 'POST', headers, body: query }).catch(() => {});
  await fetch(`${api}/?${query}`).catch(() => {});
  return [...(await takeOver()), ...(await readings(api))];
}
