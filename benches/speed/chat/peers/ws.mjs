// A room on `ws`: sends on what it gets, encoded once for all.
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.send("welcome");
  socket.on("message", (bytes) => {
    for (const member of server.clients) {
      member.send(bytes, { binary: false });
    }
  });
});
server.on("listening", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
