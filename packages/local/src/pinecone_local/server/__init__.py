"""The engine as a server: plain HTTP/1.1 on one port for everything."""
