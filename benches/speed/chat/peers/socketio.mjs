// A room on the Socket.IO server: parses, stamps and acknowledges, as it is used for chat.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { say, somebody } from "./room.mjs";

const http = createServer();
const io = new Server(http, { perMessageDeflate: false });
let members = 0;

io.on("connection", (socket) => {
  const user = somebody((members += 1));
  socket.on("join", ({ room }, acknowledge) => {
    socket.join(room);
    acknowledge({ ok: true, room });
  });
  socket.on("send", (request, acknowledge) => {
    const { event, answer } = say(request, user);
    io.to(request.room).emit("message", event);
    acknowledge(answer);
  });
});
http.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${http.address().port}`));
