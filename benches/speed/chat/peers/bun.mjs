// A room on Bun's own `publish`. `bun bun.mjs bare` sends on what it gets; `bun bun.mjs chat` parses, stamps and
// acknowledges it, as a chat server must.
import { say, somebody } from "./room.mjs";

const isChat = process.argv[2] === "chat";
let members = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, server) {
    const data = { user: somebody((members += 1)) };
    return server.upgrade(request, { data }) ? undefined : new Response("websocket expected", { status: 400 });
  },
  websocket: {
    idleTimeout: 255,
    perMessageDeflate: false,
    open(socket) {
      socket.subscribe("room");
      socket.send("welcome");
    },
    message(socket, text) {
      if (!isChat) {
        server.publish("room", text);
        return;
      }
      const request = JSON.parse(text);
      const { event, answer } = say(request, socket.data.user);
      server.publish("room", JSON.stringify({ type: "message", ...event }));
      socket.send(JSON.stringify({ type: "reply", id: request.id, ...answer }));
    },
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);
