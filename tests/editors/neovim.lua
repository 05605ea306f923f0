-- Neovim's own client at work with slipway-lsp: what a person does in an editor, in that order, each step checked.
-- Run as `nvim --headless --clean -c 'luafile neovim.lua'`; SLIPWAY_LSP names the server, SLIPWAY_FILE the file to open.

local seen = {}

local function check(step, held, detail)
  if not held then
    error(step .. ': ' .. vim.inspect(detail))
  end
  table.insert(seen, step)
end

local function session()
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.SLIPWAY_FILE))
  local buffer = vim.api.nvim_get_current_buf()
  local exit_code
  local id = vim.lsp.start_client({
    name = 'slipway',
    cmd = { vim.env.SLIPWAY_LSP },
    root_dir = vim.fn.getcwd(),
    on_exit = function(code)
      exit_code = code
    end,
  })
  vim.lsp.buf_attach_client(buffer, id)
  local function client()
    return vim.lsp.get_client_by_id(id)
  end
  check('start', vim.wait(20000, function()
    return client() ~= nil and client().initialized
  end, 10), 'the server does not begin')

  check('diagnostics', vim.wait(20000, function()
    return #vim.diagnostic.get(buffer) > 0
  end, 10), 'no diagnostics come')
  local before = vim.diagnostic.get(buffer)

  local document = { uri = vim.uri_from_bufnr(buffer) }
  local function ask(method, params)
    params.textDocument = params.textDocument or document
    local answer, failure = client().request_sync(method, params, 20000, buffer)
    check(method, answer ~= nil and answer.err == nil, failure or answer)
    return answer.result
  end
  local function line_of(words)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      if line:find(words, 1, true) then
        return number - 1, #line
      end
    end
    error('no line has ' .. words)
  end

  local line, column = line_of('type: lambda')
  local list = ask('textDocument/completion', { position = { line = line, character = column } })
  local labels = vim.tbl_map(function(item)
    return item.label
  end, list.items or list)
  check('completion of a value', vim.tbl_contains(labels, 'awsLambda'), labels)

  local hover = ask('textDocument/hover', { position = { line = (line_of('timeout: 1200')), character = 9 } })
  check('hover about the key', hover.contents.value:find('timeout', 1, true), hover)

  local fault = vim.tbl_filter(function(found)
    return found.lnum == line_of('enviroment:')
  end, before)[1]
  check('a fault of the misspelt key', fault ~= nil, before)
  local place = { line = fault.lnum, character = fault.col }
  local actions = ask('textDocument/codeAction', {
    range = { start = place, ['end'] = place },
    context = { diagnostics = {} },
  })
  local fix = vim.tbl_filter(function(action)
    return action.edit ~= nil and action.title:find('environment', 1, true)
  end, actions)[1]
  check('a fix of it', fix ~= nil, actions)
  vim.lsp.util.apply_workspace_edit(fix.edit, client().offset_encoding)
  check('the fix mends it', vim.wait(20000, function()
    return #vim.diagnostic.get(buffer) < #before
  end, 10), vim.diagnostic.get(buffer))

  local lenses = ask('textDocument/codeLens', {})
  check('lenses with commands', #lenses > 5 and lenses[1].command.command == 'slipway.dev', lenses)
  -- The words that the program itself answers with are told by a message; the request is answered at once.
  ask('workspace/executeCommand', { command = 'slipway.info', arguments = { { uri = document.uri } } })

  vim.lsp.stop_client(id)
  check('stop', vim.wait(5000, function()
    return exit_code ~= nil
  end, 10), 'the server goes on')
  check('exit code 0', exit_code == 0, exit_code)
end

local sound, failure = xpcall(session, debug.traceback)
io.stdout:write((sound and table.concat(seen, ', ') or failure) .. '\n')
vim.cmd(sound and 'qall!' or 'cquit!')
