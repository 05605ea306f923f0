;; Emacs with eglot at work with slipway-lsp: what a person does in an editor, in that order, each step checked.
;; Run as `emacs -Q --batch -l emacs.el`; SLIPWAY_LSP names the server, SLIPWAY_FILE the file to open.

(dolist (folder (directory-files "/usr/share/emacs/site-lisp/elpa" t "^[a-z]"))
  (when (file-directory-p folder) (add-to-list 'load-path folder)))
(require 'yaml-mode)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 20
      eglot-confirm-server-initiated-edits nil)
(add-to-list 'eglot-server-programs `(yaml-mode . (,(getenv "SLIPWAY_LSP"))))

(defvar seen nil)

(defun check (step held detail)
  (unless held (error "%s: %S" step detail))
  (push step seen))

(defun wait-until (holds)
  (let ((end (+ (float-time) 20)) value)
    (while (and (not (setq value (funcall holds))) (< (float-time) end))
      (accept-process-output nil 0.02))
    value))

(defun session ()
  (with-current-buffer (find-file-noselect (getenv "SLIPWAY_FILE"))
    (yaml-mode)
    (apply #'eglot--connect (eglot--guess-contact))
    (eglot--maybe-activate-editing-mode)
    (flymake-mode 1)
    (flymake-start)
    (check "diagnostics" (wait-until #'flymake-diagnostics) "no diagnostics come")
    (let ((server (eglot--current-server-or-lose))
          (before (length (flymake-diagnostics))))
      (goto-char (point-min))
      (search-forward "type: lambda")
      (let ((labels (all-completions "" (nth 2 (eglot-completion-at-point)))))
        (check "completion of a value" (member "awsLambda" (mapcar #'substring-no-properties labels)) labels))
      (search-forward "timeout")
      (let ((hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
        (check "hover about the key" (string-match-p "timeout" (format "%S" (plist-get hover :contents))) hover))
      (search-forward "enviroment")
      (let* ((place (eglot--pos-to-lsp-position (1- (point))))
             (params (list :textDocument (eglot--TextDocumentIdentifier)
                           :range (list :start place :end place)
                           :context (list :diagnostics [])))
             (actions (append (jsonrpc-request server :textDocument/codeAction params) nil))
             (fix (seq-find (lambda (action)
                              (and (plist-get action :edit) (string-match-p "environment" (plist-get action :title))))
                            actions)))
        (check "a fix of the misspelt key" fix actions)
        (eglot--apply-workspace-edit (plist-get fix :edit))
        (eglot--signal-textDocument/didChange)
        (check "the fix mends it"
               (wait-until (lambda () (flymake-start) (< (length (flymake-diagnostics)) before)))
               (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
      (let ((lenses (jsonrpc-request server :textDocument/codeLens
                                     (list :textDocument (eglot--TextDocumentIdentifier)))))
        (check "lenses with commands" (> (length lenses) 5) lenses))
      ;; The words that the program itself answers with are told by a message; the request is answered at once.
      (eglot-execute-command server "slipway.info" (vector (list :uri (eglot--path-to-uri (buffer-file-name)))))
      (check "a command" t nil)
      ;; What `eglot-shutdown` sends, null parameters included; it would kill the process right after, and so hide how it
      ;; ends by itself.
      (let ((process (jsonrpc--process server)))
        (setf (eglot--shutdown-requested server) t)
        (jsonrpc-request server :shutdown nil)
        (jsonrpc-notify server :exit nil)
        (check "stop" (wait-until (lambda () (not (process-live-p process)))) "the server goes on")
        (check "exit code 0" (equal (process-exit-status process) 0) (process-exit-status process))))))

(condition-case failure
    (progn (session) (princ (concat (string-join (nreverse seen) ", ") "\n")) (kill-emacs 0))
  (error (princ (format "%S\n" failure)) (kill-emacs 1)))
